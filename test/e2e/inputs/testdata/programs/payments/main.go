// Command payments logs a failure, then panics.
package main

import (
	"errors"
	"log"
	"os"
	"runtime/debug"
)

var errDeclined = errors.New("card was declined")

func charge(amounts []int, at int) int { return amounts[at] }

func main() {
	log.Print("INFO payments is up")
	log.Printf("ERROR trace_id=%s charge failed: %v\n%s", os.Args[1], errDeclined, debug.Stack())
	log.Print("INFO next charge")
	charge(nil, len(os.Args))
}
