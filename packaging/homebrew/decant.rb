# A template: bin/package fills in what is between @s, and writes it to target/dist. Not tried with Homebrew itself.
class Decant < Formula
  desc "Deploys Elixir and Erlang apps to plain Linux hosts over SSH"
  homepage "@URL@"
  url "@URL@/@ARCHIVE@"
  version "@VERSION@"
  sha256 "@SHA256@"
  license "Apache-2.0"

  on_macos do
    depends_on "openjdk"
  end

  def install
    libexec.install "bin", "lib"
    # The archive's own Java is one for Linux; its jars run anywhere.
    if OS.mac?
      rm_r libexec/"lib/java"
      ln_s Formula["openjdk"].opt_libexec/"openjdk.jdk/Contents/Home", libexec/"lib/java"
    end
    bin.install_symlink libexec/"bin/decant"
    man1.install Dir["share/man/man1/*"]
    bash_completion.install "share/bash-completion/completions/decant"
    zsh_completion.install "share/zsh/site-functions/_decant"
    fish_completion.install "share/fish/vendor_completions.d/decant.fish"
    doc.install Dir["share/doc/decant/*"]
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/decant --version")
  end
end
