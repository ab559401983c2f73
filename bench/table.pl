#!/usr/bin/perl
# Makes Markdown tables of lines `PEER RETURNED ANSWERED WITHOUT SENT RECEIVED`: medians [lowest to highest], and under
# them what each is as a multiple of the floor and of Decant. A peer has `-` where there is nothing to measure.
#
#   table.pl RESULTS VERSION PEER=TITLE…
#
# VERSION is which one answers afterwards, `new` or `old`. Two of the peers are `floor` and `decant`.
use strict;
use warnings;

my ($results, $version, @peers) = @ARGV;
@peers = map { [split /=/, $_, 2] } @peers;
my @columns = ('s until the command returns', "s until the $version version answers", 's without an answer',
    'kB to the host', 'kB from the host');

my %values;
open my $lines, '<', $results or die "$results: $!\n";
while (<$lines>) {
    my ($peer, @row) = split;
    $row[$_] /= 1000 for 3, 4;
    push @{ $values{$peer}[$_] }, $row[$_] for grep { $row[$_] ne '-' } 0 .. $#row;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}
sub short { my ($number) = @_; return sprintf $number < 100 ? '%.2f' : '%.0f', $number; }
sub row { return '| ' . join(' | ', @_) . " |\n"; }

# Of each round by itself, then the median: what else the machine does slows all of a round.
sub ratio {
    my ($column, $peer, $other) = @_;
    my ($mine, $base) = ($values{$peer}[$column], $values{$other}[$column]);
    my $ratio = median(map { $base->[$_] > 0 ? $mine->[$_] / $base->[$_] : 0 } 0 .. $#$mine);
    return sprintf $ratio < 0.1 ? '%.4f' : $ratio < 100 ? '%.2f' : '%.0f', $ratio;
}

# Rows of what `cell` makes of a peer and a column.
sub rows {
    my ($cell) = @_;
    for (@peers) {
        my ($peer, $title) = @$_;
        print row($title, map { $values{$peer}[$_] ? $cell->($peer, $_) : '' } 0 .. $#columns);
    }
}

print row('median [lowest to highest]', @columns), row(('---') x (@columns + 1));
rows(sub {
    my ($peer, $column) = @_;
    my @sorted = sort { $a <=> $b } @{ $values{$peer}[$column] };
    return sprintf '%s [%s to %s]', short(median(@sorted)), short($sorted[0]), short($sorted[-1]);
});
print "\n", row('times the floor / times Decant', @columns), row(('---') x (@columns + 1));
rows(sub { my ($peer, $column) = @_; join ' / ', map { ratio($column, $peer, $_) } 'floor', 'decant' });
