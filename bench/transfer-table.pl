#!/usr/bin/perl
# Makes a Markdown table for each case.
#
#   transfer-table.pl CASES RESULTS
#
# CASES has lines `CASE TITLE FLOOR FILES BYTES`, RESULTS `CASE ROUND PEER TO FROM MILLISECONDS ALL`, tabs between.
use strict;
use warnings;

my @peers = (
    [ssh           => 'bare `ssh host true`'],
    ['decant-gzip' => '`decant upload`, host without zstd'],
    ['decant-zstd' => '`decant upload`, host with zstd'],
    [least         => 'the least: link, unpack, hash and sync, nothing asked'],
    [rsync         => 'rsync'],
    ['rsync-checked' => 'rsync, then verified and durable'],
    [casync        => 'casync'],
    [scp           => 'scp, tar'],
);

my ($cases, $results) = @ARGV;
my %values;
for (lines($results)) {
    my ($case, $round, $peer, $to, $from, $step, $all) = @$_;
    push @{ $values{$case}{$peer}{to} }, $to / 1000;
    push @{ $values{$case}{$peer}{from} }, $from / 1000;
    push @{ $values{$case}{$peer}{step} }, $step / 1000;
    push @{ $values{$case}{$peer}{all} }, $all / 1000;
}

sub lines {
    my ($path) = @_;
    open my $in, '<', $path or die "$path: $!";
    return map { chomp; [split /\t/] } <$in>;
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}
sub short { my ($number) = @_; return sprintf $number < 100 ? '%.2f' : '%.0f', $number }
sub row { return '| ' . join(' | ', @_) . " |\n" }

sub spread {
    my @sorted = sort { $a <=> $b } @_;
    return sprintf '%s [%s to %s]', short(median(@sorted)), short($sorted[0]), short($sorted[-1]);
}

# Of each round by itself, then the median: what else the machine does slows all of a round.
sub ratio {
    my ($mine, $base) = @_;
    return '' unless $mine && $base && !grep { !$_ } @$base;
    return short(median(map { $mine->[$_] / $base->[$_] } 0 .. $#$mine));
}

for (lines($cases)) {
    my ($case, $title, $floor, $files, $bytes) = @$_;
    my $of = $values{$case};
    my $rsync = $of->{rsync} || {};
    printf "\n**%s** (%d files, %.1f MB)\n\n", $title, $files, $bytes / 1e6;
    print row('median [lowest to highest]', 'kB to the host', 'kB from the host', 's', 's, whole command',
        'kB to: times the floor', 'kB to: times rsync', 's: times rsync', 'whole: times rsync');
    print row(('---') x 9);
    my @floor = ($floor / 1000) x @{ $of->{ssh}{to} };
    print row('the floor: `zstd -19` of new contents', short($floor / 1000), '', '', '', ratio(\@floor, \@floor),
        ratio(\@floor, $rsync->{to}), '', '');
    for (@peers) {
        my ($peer, $name) = @$_;
        my $mine = $of->{$peer} or next;
        print row($name, map({ spread(@{ $mine->{$_} }) } qw(to from step all)), ratio($mine->{to}, \@floor),
            map({ ratio($mine->{$_}, $rsync->{$_}) } qw(to step all)));
    }
}
