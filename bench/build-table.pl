#!/usr/bin/perl
# Makes a Markdown table of lines `APP CASE WAY ROUND SECONDS`, tabs between: medians [lowest to highest], what Decant took
# as a multiple of Mix and in seconds more, and whether that is below the target of 10 % and a second.
#
#   build-table.pl RESULTS APP=TITLE…
use strict;
use warnings;

my ($results, @apps) = @ARGV;
my %seconds;
open my $lines, '<', $results or die "$results: $!\n";
while (<$lines>) {
    chomp;
    my ($app, $case, $way, $round, $took) = split /\t/;
    push @{ $seconds{$app}{$case}{$way} }, $took;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}
sub spread {
    my @sorted = sort { $a <=> $b } @_;
    return sprintf '%.2f [%.2f to %.2f]', median(@sorted), $sorted[0], $sorted[-1];
}
sub row { return '| ' . join(' | ', @_) . " |\n" }

print row('median [lowest to highest]', 's, `mix release`', 's, `decant build`', 'ratio', 's more', 'target, s more');
print row(('---') x 6);
for (map { [split /=/, $_, 2] } @apps) {
    my ($app, $title) = @$_;
    for (['change', 'one module changed'], ['clone', 'a new clone']) {
        my ($case, $what) = @$_;
        my ($mix, $decant) = @{ $seconds{$app}{$case} }{ 'mix', 'decant' };
        # Of each round by itself, then the median: what else the machine does slows all of a round.
        my @each = 0 .. $#$mix;
        my $ratio = median(map { $decant->[$_] / $mix->[$_] } @each);
        my $more = median(map { $decant->[$_] - $mix->[$_] } @each);
        my $target = $case eq 'change' ? sprintf('%.2f', 1 + 0.1 * median(@$mix)) : '';
        print row("$title, $what", spread(@$mix), spread(@$decant), sprintf('%.2f', $ratio), sprintf('%.2f', $more),
            $target);
    }
}
