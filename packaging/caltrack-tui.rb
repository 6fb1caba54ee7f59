# Homebrew. Untested: written from the Formula Cookbook; brew was not available.
class CaltrackTui < Formula
  desc "Calorie logger for the terminal, with an embedded AppSync backend"
  homepage "https://github.com/caltrack/caltrack-tui"
  url "https://github.com/caltrack/caltrack-tui/archive/refs/tags/v0.1.0.tar.gz"
  # `brew bump-formula-pr` fills it in for a release.
  sha256 "0000000000000000000000000000000000000000000000000000000000000000"
  license "MIT"

  depends_on "rust" => :build

  def install
    system "cargo", "install", *std_cargo_args
    system bin/"caltrack-tui", "man", "--to", buildpath
    man1.install Dir["*.1"]
    generate_completions_from_executable(bin/"caltrack-tui", "completions")
  end

  service do
    run [opt_bin/"caltrack-tui", "serve", "--listen", "127.0.0.1:20002"]
    keep_alive successful_exit: false
  end

  test do
    ENV["CALTRACK_DATA_DIR"] = testpath/"data"
    system bin/"caltrack-tui", "add", "lunch 650"
    assert_match "650", shell_output("#{bin}/caltrack-tui today --format '{caloriesConsumed}'")
  end
end
