#!/usr/bin/perl
# Makes a Markdown table of lines `PEER SIZE SECONDS PROCESSOR SSH_KB REST_KB BYTES`, tabs between: medians, and
# [lowest to highest] of the seconds.
#
#   fleet-table.pl RESULTS
use strict;
use warnings;

my %titles = (floor => 'ssh to each, restart', sessions => 'ssh to each twice, nothing asked',
    decant => '`decant deploy`', ansible => 'Ansible', cap => 'Capistrano');
my (%values, @order);
while (<>) {
    chomp;
    my ($peer, $size, @row) = split /\t/;
    push @order, [$size, $peer] unless $values{$size}{$peer};
    push @{ $values{$size}{$peer} }, \@row;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}
sub column { my ($size, $peer, $column) = @_; return map { $_->[$column] } @{ $values{$size}{$peer} // [] }; }
sub row { return '| ' . join(' | ', @_) . " |\n"; }

# Of each round by itself: what else the machine does slows all of a round.
sub ratio {
    my ($size, $peer, $floor) = @_;
    my @mine = column($size, $peer, 0);
    my @decant = column($size, 'decant', 0);
    my @floor = $floor ? column($size, 'floor', 0) : map { 0 } @mine;
    return '' unless @floor;
    my @ratios = map { ($mine[$_] - $floor[$_]) / ($decant[$_] - $floor[$_]) } 0 .. $#mine;
    return sprintf '%.2f', median(@ratios);
}

print row('hosts', '', 's until all are healthy', 'times Decant', 'times Decant, both without the first row',
    's of the operator\'s processor', 'MB of the tool', 'MB of its ssh', 'kB on the line, a host');
print row(('---') x 9);
for (@order) {
    my ($size, $peer) = @$_;
    my @seconds = sort { $a <=> $b } column($size, $peer, 0);
    my ($hosts) = $size =~ /^(\d+)/;
    print row($size, $titles{$peer},
        sprintf('%.1f [%.1f to %.1f]', median(@seconds), $seconds[0], $seconds[-1]),
        ratio($size, $peer, 0), $peer eq 'floor' ? '' : ratio($size, $peer, 1),
        map({ sprintf '%.1f', $_ } median(column($size, $peer, 1))),
        map({ sprintf '%.0f', $_ / 1000 } median(column($size, $peer, 3)), median(column($size, $peer, 2))),
        sprintf('%.0f', median(column($size, $peer, 4)) / 1000 / $hosts));
}

my $growth = median(map { (column('50', 'decant', 0))[$_] / (column('1', 'decant', 0))[$_] }
        0 .. $#{ $values{1}{decant} }) if $values{1}{decant} && $values{50}{decant};
printf "\n50 hosts take Decant %.1f times as long as one.\n", $growth if $growth;
