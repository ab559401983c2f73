#!/usr/bin/perl
# Makes a Markdown table of lines `PEER RETURNED ANSWERED WITHOUT SENT RECEIVED`: medians [lowest-highest], and under
# them what each is as a multiple of the floor and of Decant.
use strict;
use warnings;

my @peers = (
    [floor   => '`systemctl restart` alone'],
    [decant  => '`decant deploy`'],
    [scp     => 'scp, tar, restart'],
    [ansible => 'Ansible'],
);
my @columns = ('s until the command returns', 's until the new version answers', 's without an answer',
    'kB to the host', 'kB from the host');

my %values;
while (<>) {
    my ($peer, @row) = split;
    $row[$_] /= 1000 for 3, 4;
    push @{ $values{$peer}[$_] }, $row[$_] for 0 .. $#row;
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

print row('median [lowest to highest]', @columns), row(('---') x (@columns + 1));
for (@peers) {
    my ($peer, $name) = @$_;
    print row($name, map {
        my @sorted = sort { $a <=> $b } @{ $values{$peer}[$_] };
        sprintf '%s [%s to %s]', short(median(@sorted)), short($sorted[0]), short($sorted[-1]);
    } 0 .. $#columns);
}
print "\n", row('times the floor / times Decant', @columns), row(('---') x (@columns + 1));
for (@peers) {
    my ($peer, $name) = @$_;
    print row($name, map { join ' / ', ratio($_, $peer, 'floor'), ratio($_, $peer, 'decant') } 0 .. $#columns);
}
