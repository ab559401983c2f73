#!/usr/bin/perl
# Writes a Mix project with many files into FOLDER: 900 modules and 30 static files, a few of them large. The same each
# time, byte by byte. Its releases have some 1,500 files: the rest is Erlang and Elixir.
#
#   many-files.pl FOLDER                 the project
#   many-files.pl FOLDER module css      what a commit changes: one module and one rule of a style sheet of 50 kB,
#   many-files.pl FOLDER bundle          or one line in a script of 400 kB
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Path qw(make_path);

use constant MODULES => 900;

# Numbers of our own (xorshift, 64 bits): the same with any Perl.
my $seed;
sub below {
    my ($limit) = @_;
    $seed ^= $seed << 13;
    $seed ^= $seed >> 7;
    $seed ^= $seed << 17;
    return ($seed >> 16) % $limit;
}
sub start { my ($number) = @_; $seed = 88172645463325252 + $number; below(2) for 1 .. 8 }

my @words = qw(order basket price customer invoice stock parcel address voucher refund carrier pallet season margin
    supplier receipt branch ledger rebate tariff weight colour bundle review rating session locale currency holiday shelf);
sub word { return $words[below(scalar @words)] }
sub two_words { my ($one, $two) = (word(), word()); return $one eq $two ? two_words() : ($one, $two) }

sub module {
    my ($number, $change) = @_;
    start(1000 + $number);
    my $text = sprintf "defmodule Many.Part%03d do\n  \@moduledoc false\n\n", $number;
    my %seen;
    for (1 .. 2 + below(5)) {
        my $name = join '_', word(), word();
        next if $seen{$name}++;
        my ($one, $two) = two_words();
        my $number = below(9000);
        my $kind = below(3);
        $text .= $kind == 0 ? <<"END" : $kind == 1 ? <<"END" : <<"END";
  def $name(%{$one: $one, $two: _} = map) when is_map(map), do: {:ok, $one, $number}
  def $name(other), do: {:error, "no $one: #{inspect(other)}"}

END
  def $name(list) when is_list(list) do
    list
    |> Enum.filter(fn item -> item.$one > $number end)
    |> Enum.map(fn item -> Map.put(item, :$two, item.$one * ${\(1 + below(90))}) end)
    |> Enum.sort_by(& &1.$two)
  end

END
  def $name($one, count \\\\ $number) do
    case $one do
      nil -> {:error, :no_$two}
      ^count -> {:ok, "$one and $two"}
      _ -> "#{$one} of #{count}, ${\(join ' ', map { word() } 1 .. 4 + below(12))}"
    end
  end

END
    }
    $text .= "  def changed, do: \"in a later release\"\n" if $change;
    return "$text" . "end\n";
}

sub styles {
    my ($change) = @_;
    start(7);
    my $text = '';
    while (length $text < 50_000) {
        $text .= sprintf ".%s-%s > .%s {\n  margin: %dpx;\n  color: #%06x;\n  width: %d%%;\n}\n", word(), word(), word(),
            below(40), below(1 << 24), below(101);
    }
    substr $text, index($text, "}\n", 20_000) + 2, 0, ".changed { display: none; }\n" if $change;
    return $text;
}

sub script {
    my ($change) = @_;
    start(8);
    my $text = '';
    while (length $text < 400_000) {
        my @w = map { word() } 1 .. 5;
        $text .= sprintf "function %s_%s_%x(e,t){if(e.%s>%d){return t(\"%s\",e.%s+%d)}return e.%s||null}\n", $w[0], $w[1],
            below(1 << 20), $w[2], below(5000), $w[3], $w[4], below(700), $w[1];
    }
    substr $text, index($text, "\n", 150_000) + 1, 0, "function changed(e){return e}\n" if $change;
    return $text;
}

# Pictures and fonts: nothing that a packer could make smaller.
sub noise { my ($number, $size) = @_; start(5000 + $number); return join '', map { chr below(256) } 1 .. $size }

my ($folder, @changes) = @ARGV;
my %change = map { $_ => 1 } @changes;

sub put {
    my ($name, $text) = @_;
    my $path = "$folder/$name";
    make_path(dirname($path));
    open my $out, '>:raw', $path or die "$path: $!";
    print $out $text;
    close $out or die "$path: $!";
}

put('lib/many/part451.ex', module(451, 1)) if $change{module};
put('priv/static/assets/app.css', styles(1)) if $change{css};
put('priv/static/assets/app.js', script(1)) if $change{bundle};
exit 0 if %change;

put(sprintf('lib/many/part%03d.ex', $_), module($_, 0)) for 0 .. MODULES - 1;
put('priv/static/assets/app.css', styles(0));
put('priv/static/assets/app.js', script(0));
put("priv/static/images/icon$_.png", noise($_, 400 + 97 * $_)) for 1 .. 20;
put("priv/static/images/photo$_.jpg", noise(100 + $_, 150_000 * $_)) for 1 .. 4;
put("priv/static/fonts/face$_.woff2", noise(200 + $_, 40_000 + 9_000 * $_)) for 1 .. 4;
put('.tool-versions', "erlang system\nelixir system\n");
put('.gitignore', "/_build/\n/deps/\n");
put('mix.lock', "%{\n}\n");
put('mix.exs', <<'END');
defmodule Many.MixProject do
  use Mix.Project

  def project do
    [
      app: :many,
      version: "0.1.0",
      elixir: "~> 1.14",
      deps: [],
      releases: [many: [include_executables_for: [:unix], steps: [:assemble, :tar]]]
    ]
  end

  def application, do: [extra_applications: [:logger]]
end
END
