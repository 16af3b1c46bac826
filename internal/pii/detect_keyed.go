package pii
