# Nix. Untested: written from the nixpkgs manual; nix was not available.
{
  description = "A calorie logger for the terminal, with an embedded AppSync backend";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      systems = [ "x86_64-linux" "aarch64-linux" "aarch64-darwin" ];
      forEach = make: nixpkgs.lib.genAttrs systems (system: make nixpkgs.legacyPackages.${system});
    in
    {
      packages = forEach (pkgs: {
        default = pkgs.rustPlatform.buildRustPackage {
          pname = "caltrack-tui";
          version = "0.1.0";
          src = self;
          cargoLock.lockFile = ./Cargo.lock;
          nativeBuildInputs = [ pkgs.installShellFiles ];
          # The whole suite needs a pty, loopback sockets and time zone files.
          cargoTestFlags = [ "-p" "caltrack-domain" ];
          postInstall = ''
            mkdir man
            $out/bin/caltrack-tui man --to man
            installManPage man/*.1
            for shell in bash zsh fish; do
              $out/bin/caltrack-tui completions $shell > caltrack-tui.$shell
            done
            installShellCompletion caltrack-tui.{bash,zsh,fish}
          '';
          meta.mainProgram = "caltrack-tui";
        };
      });
      devShells = forEach (pkgs: {
        default = pkgs.mkShell { packages = [ pkgs.cargo pkgs.rustc pkgs.clippy pkgs.rustfmt pkgs.python3 pkgs.just ]; };
      });
    };
}
