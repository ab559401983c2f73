#!/usr/bin/perl
# Prints the tables of downtime.sh from what Load wrote.
#
#   downtime-table.pl FOLDER WAY...
use strict;
use warnings;
use JSON::PP;

my ($folder, @ways) = @ARGV;
my %title = (
    slots   => '`decant`, slots',
    socket  => '`decant`, socket',
    nginx   => '`decant`, nginx',
    restart => '`decant`, restart',
    mix     => 'mix_deploy',
    ansible => 'Ansible',
);
my %class = (new => 'new', keep_alive => 'kept', slow_2s => '2 s', slow_30s => '30 s', stream => 'streams');
my @classes = qw(new keep_alive slow_2s slow_30s stream);

sub parts_of {
    my ($way) = @_;
    open my $file, '<', "$folder/$way.json" or die "$way.json: $!\n";
    local $/;
    return {map { $_->{name} => $_ } @{decode_json(<$file>)->{parts}}};
}

sub sum {
    my ($part, @fields) = @_;
    my $sum = 0;
    for my $tally (values %{$part->{traffic}}) {
        $sum += $tally->{$_} // 0 for @fields;
    }
    return $sum;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return @sorted ? ($sorted[($#sorted) / 2] + $sorted[@sorted / 2]) / 2 : 0;
}

sub seconds {
    my ($way, $kind) = @_;
    open my $file, '<', "$folder/seconds" or die "seconds: $!\n";
    my @took = map { (split /\t/)[2] } grep { /^\Q$way\E\t\Q$kind\E\t/ } <$file>;
    return (scalar @took, sprintf '%.1f', median(@took) / 1000);
}

sub row { print '| ', join(' | ', @_), " |\n" }

my %parts = map { $_ => parts_of($_) } @ways;

row('', 'requests', 'failed', 'of them ' . (join ', ', map { $class{$_} } @classes), 'reset', 'repeated',
    'longest gap, ms');
row(('---') x 7);
for my $way (@ways) {
    my $whole = $parts{$way}{whole};
    row($title{$way}, sum($whole, 'requests'), sum($whole, 'failed'),
        (join ', ', map { $whole->{traffic}{$_}{failed} // 0 } @classes),
        sum($whole, 'reset_early', 'reset_late', 'stale_by_reset'), sum($whole, 'stale'),
        sprintf '%.0f', $whole->{longest_gap_ms});
}

print "\n";
row('new connections', 'how many', 's each', 'longest gap, ms', 'p50, ms', 'p99', 'times quiet', 'longest', 'sent late, p99');
row(('---') x 9);
my %said = (
    quiet             => 'quiet',
    'deploy-*'        => 'deploy',
    'switch-deploy-*' => 'of that, the switch',
    'switch-rollback-*' => 'of that, the switch back',
    'drain-deploy-*'  => 'the old one drains',
    'rollback-*'      => 'rollback',
    'drain-rollback-*' => 'the newer one drains',
    'busy-*'           => 'no deploy, one busy program',
);
for my $way (@ways) {
    my $quiet = $parts{$way}{quiet}{traffic}{new}{p99_ms};
    for my $kind ('quiet', 'deploy-*', 'switch-deploy-*', 'drain-deploy-*', 'rollback-*', 'switch-rollback-*', 'drain-rollback-*', 'busy-*') {
        my $part = $parts{$way}{$kind} or next;
        # After a restart nothing drains.
        next if $kind =~ /drain/ && $way !~ /^(?:slots|socket|nginx)$/;
        my $new = $part->{traffic}{new};
        my ($count, $each) = seconds($way, $kind =~ s/-\*$//r);
        row("$title{$way}: $said{$kind}", $count || '', $count ? $each : '', sprintf('%.0f', $part->{longest_gap_ms}),
            sprintf('%.2f', $new->{p50_ms}), sprintf('%.2f', $new->{p99_ms}),
            $quiet && $kind ne 'quiet' ? sprintf('%.2f', $new->{p99_ms} / $quiet) : '',
            sprintf('%.0f', $new->{max_ms}), sprintf('%.2f', $new->{late_p99_ms}));
    }
}

if (my $slots = $parts{slots}) {
    my $whole = $slots->{whole};
    my ($switch, $deploy) = map { $slots->{$_}{traffic}{new}{p99_ms} / $slots->{quiet}{traffic}{new}{p99_ms} }
        'switch-deploy-*', 'deploy-*';
    printf "\nslots: %d failed (target 0), %d reset (target 0), longest gap %.0f ms (target < 100), p99 while it switches %.1f"
        . " times the quiet one (target < 3), in the whole deploy %.1f times.\n", sum($whole, 'failed'),
        sum($whole, 'reset_early', 'reset_late', 'stale_by_reset'), $whole->{longest_gap_ms}, $switch, $deploy;
}
