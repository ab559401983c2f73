module github.com/acme/parcel-tracker/v2

go 1.22
