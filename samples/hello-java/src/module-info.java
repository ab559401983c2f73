module hello {
    requires jdk.httpserver;
}
