# Two commands matter: `make run` opens the app, `make test` runs every test. Both install what this machine lacks, and
# say so first. What they do stands in .ci/, one script for each job.

.DEFAULT_GOAL := help
.PHONY: help run test lint audit setup fmt bindings icons pictures demo soak bench clean
.NOTPARALLEL:

help: ## This list.
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1	\2/p' Makefile | expand -t 18

run: ## Opens the app; without a display, shows its main job on a virtual one.
	@.ci/app.sh

test: ## Every test; the last line counts them.
	@.ci/test.sh

lint: ## Every linter; the summary says which held.
	@.ci/lint.sh

audit: ## Asks the advisory databases about every dependency; says so where they cannot be reached.
	@.ci/audit.sh

setup: ## Makes this machine ready to build, test and lint.
	@.ci/set-up.sh run test lint

fmt: ## Puts Rust and the UI into form.
	@cargo fmt --all
	@npm --prefix ui run --silent format

bindings: ## Writes the UI's types anew from Rust.
	@.ci/bindings.sh

icons: ## Draws the icons anew from icons/app-icon.svg.
	@.ci/icons.sh

demo: ## The main job in a real window on a virtual display; pictures in target/demo/.
	@.ci/in-window.sh demo

pictures: ## Takes the pictures of the README anew.
	@.ci/in-window.sh pictures tests/pictures

soak: ## Kills the app and the server over and over, races and times, then the main job over and over. Hours.
	@.ci/soak.sh

bench: ## How long a person waits, with 5 tokens and with 10,000; figures in target/bench/.
	@.ci/in-window.sh bench

clean: ## Removes what was built and fetched for this checkout.
	@rm -rf target ui/dist ui/node_modules
