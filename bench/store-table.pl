#!/usr/bin/perl
# Makes a Markdown table of lines `WHAT HOW SECONDS BYTES_FROM BYTES_TO`, tabs between: medians, and [lowest to highest] of
# the seconds.
#
#   store-table.pl RESULTS HOSTS
use strict;
use warnings;

my $hosts = pop @ARGV;
my (%values, @order);
while (<>) {
    chomp;
    my ($what, $how, @row) = split /\t/;
    push @order, "$what\t$how" unless $values{"$what\t$how"};
    push @{ $values{"$what\t$how"} }, \@row;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}
sub row { return '| ' . join(' | ', @_) . " |\n"; }

print row("what is new, to $hosts hosts", '', 's until all are healthy', 'kB from the operator', 'kB to the operator');
print row(('---') x 5);
for (sort @order) {
    my ($what, $how) = split /\t/;
    my @rows = @{ $values{$_} };
    my @seconds = sort { $a <=> $b } map { $_->[0] } @rows;
    print row($what, $how eq 'push' ? 'pushed over SSH' : 'by way of the store',
        sprintf('%.1f [%.1f to %.1f]', median(@seconds), $seconds[0], $seconds[-1]),
        map { my $column = $_; sprintf '%.0f', median(map { $_->[$column] } @rows) / 1000 } 1, 2);
}
