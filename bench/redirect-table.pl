#!/usr/bin/perl
# Makes a Markdown table of lines `TEST PATH RATE P50 P99` of redirect.sh: medians [lowest to highest], and how the redirect
# compares with the others, taken within each round.
use strict;
use warnings;

my @tests = (
    [kept => 'wrk, 50 kept connections'],
    [new  => 'wrk, 50 at a time, each request on a new connection'],
    [steady_keep_alive => '2,000 a second on 200 kept connections, beside'],
    [steady_new        => '3,000 a second on new ones'],
);
my @paths = ([bare => 'no rules'], [direct => 'direct port'], [redirect => 'redirect']);

my %values;
while (<>) {
    my ($test, $path, @row) = split;
    push @{$values{$test}{$path}[$_]}, $row[$_] for 0 .. 2;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}
sub row { print '| ', join(' | ', @_), " |\n" }

sub cell {
    my ($format, @of) = @_;
    my @sorted = sort { $a <=> $b } @of;
    return sprintf "$format [$format to $format]", median(@of), $sorted[0], $sorted[-1];
}

sub ratio {
    my ($mine, $base) = @_;
    return sprintf '%.3f', median(map { $mine->[$_] / $base->[$_] } 0 .. $#$mine);
}

row('', '', 'requests a second', 'p50, ms', 'p99, ms', 'redirect to this: requests', 'p99');
row(('---') x 7);
for (@tests) {
    my ($test, $title) = @$_;
    for (@paths) {
        my ($path, $name) = @$_;
        my ($mine, $redirect) = @{$values{$test}}{$path, 'redirect'};
        row($title, $name, cell('%.0f', @{$mine->[0]}), cell('%.2f', @{$mine->[1]}), cell('%.2f', @{$mine->[2]}),
            $path eq 'redirect' ? ('', '') : (ratio($redirect->[0], $mine->[0]), ratio($redirect->[2], $mine->[2])));
    }
}
