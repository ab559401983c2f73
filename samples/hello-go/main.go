// A small web app that says hello and which version it is.
//
//	hello-go serve [--port PORT]   PORT or 4000 where it is not given
//	hello-go check                 whether its settings make sense
//	hello-go migrate               stands for a change of a database
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

// Set by the linker; see the Makefile.
var version = "dev"

func main() {
	log.SetFlags(0)
	command := "serve"
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	var err error
	switch command {
	case "serve":
		err = serve(os.Args[min(2, len(os.Args)):])
	case "check":
		err = check()
	case "migrate":
		fmt.Printf("migrated for %s\n", version)
	case "version":
		fmt.Println(version)
	default:
		err = fmt.Errorf("no such command: %s", command)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func min(a, b int) int {
	if a < b {
		return a
	}
	return b
}

// What is asked before a release serves: better now than at the first request.
func check() error {
	if name := os.Getenv("GREETING"); len(name) > 100 {
		return fmt.Errorf("GREETING is %d characters long, and may be 100", len(name))
	}
	return nil
}

func greeting() string {
	if text := os.Getenv("GREETING"); text != "" {
		return text
	}
	return "Hello."
}

func serve(arguments []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	port := flags.String("port", or(os.Getenv("PORT"), "4000"), "where to listen")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	pages := http.NewServeMux()
	pages.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusOK)
		fmt.Fprintln(w, "ok")
	})
	pages.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) {
		ms, _ := strconv.Atoi(r.URL.Query().Get("ms"))
		time.Sleep(time.Duration(min(ms, 60_000)) * time.Millisecond)
		fmt.Fprintln(w, "done")
	})
	pages.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "%s\nhello-go %s\n", greeting(), version)
	})
	server := &http.Server{Addr: ":" + *port, Handler: pages}

	stopping, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	ended := make(chan error, 1)
	go func() {
		<-stopping.Done()
		// systemd waits for as long as DRAIN_MS says; what has begun is finished.
		ended <- server.Shutdown(context.Background())
	}()
	log.Printf("hello-go %s listens on %s", version, *port)
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-ended
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
