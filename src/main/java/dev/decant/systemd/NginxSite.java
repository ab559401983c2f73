package dev.decant.systemd;

import dev.decant.config.AppNames;
import dev.decant.config.NginxConfig;
import dev.decant.config.PublicPort;
import dev.decant.config.ServiceConfig;
import dev.decant.release.HostLayout;

import java.util.List;
import java.util.stream.Collectors;

/// The site of an app, as text for nginx's `http` block, with `@PORT@` where the slot's port goes
/// and `@STATIC@` where the release's static files are.
public final class NginxSite {

    private NginxSite() {}

    /// @param service with public ports
    public static String text(AppNames names, ServiceConfig service, NginxConfig nginx) {
        String id = names.unit().replace('-', '_');
        boolean tls = nginx.certificate().isPresent();
        List<Integer> ports = service.publicPorts().stream().map(PublicPort::port).toList();
        List<Integer> plain = ports.stream().filter(port -> !tls || port != 443).toList();
        StringBuilder text = new StringBuilder();
        text.append(
                """
                # Written by `decant setup` and, for each release, by a deploy. Changes of your own are lost here; whatever
                # stands in another file of this folder stays.
                upstream decant_%1$s {
                    server 127.0.0.1:@PORT@;
                    keepalive 64;
                }
                # A websocket asks for its upgrade, anything else keeps the connection to the app open.
                map $http_upgrade $decant_%1$s_connection {
                    default upgrade;
                    ''      '';
                }
                """
                        .formatted(id));
        if (nginx.requestsPerSecond() > 0) {
            text.append(
                    "limit_req_zone $binary_remote_addr zone=decant_%s:10m rate=%dr/s;\n"
                            .formatted(id, nginx.requestsPerSecond()));
        }
        String name = nginx.serverNames().isEmpty() ? "_" : String.join(" ", nginx.serverNames());
        if (tls && !plain.isEmpty()) {
            text.append(
                    """

                    server {
                    %s    server_name %s;
                        server_tokens off;
                        return 301 https://$host$request_uri;
                    }
                    """
                            .formatted(listen(plain, ""), name));
        }
        text.append("\nserver {\n");
        if (tls) {
            text.append(listen(List.of(443), " ssl"));
            text.append("    ssl_certificate ").append(nginx.certificate().orElseThrow());
            text.append(";\n    ssl_certificate_key ");
            text.append(nginx.certificateKey().orElseThrow()).append(";\n");
        } else {
            text.append(listen(plain, ""));
        }
        text.append("    server_name ").append(name).append(";\n    server_tokens off;\n");
        if (!nginx.trustedProxies().isEmpty()) {
            text.append("\n    # Whoever else sends it is not believed.\n");
            nginx.trustedProxies()
                    .forEach(
                            proxy ->
                                    text.append("    set_real_ip_from ")
                                            .append(proxy)
                                            .append(";\n"));
            text.append("    real_ip_header X-Forwarded-For;\n    real_ip_recursive on;\n");
        }
        String flag = new HostLayout(names.unit()).maintenance();
        String maintenance =
                "        if (-f %s) {\n            return 503;\n        }\n".formatted(flag);
        text.append(
                """

                    # As long as `decant maintenance` is on. What the app itself answers is left as it is.
                    error_page 503 /.decant/maintenance;
                    location = /.decant/maintenance {
                        internal;
                        alias %s.html;
                        default_type "text/html; charset=utf-8";
                        add_header Retry-After 120 always;
                        add_header Cache-Control no-store always;
                    }
                """
                        .formatted(flag));
        if (nginx.serveStatic()) {
            text.append(
                    """

                        root @STATIC@;
                        location / {
                    %s        try_files $uri @app;
                        }
                        location @app {
                    """
                            .formatted(maintenance));
        } else {
            text.append("\n    location / {\n").append(maintenance);
        }
        if (nginx.requestsPerSecond() > 0) {
            text.append(
                    "        limit_req zone=decant_%s burst=%d nodelay;\n        limit_req_status 429;\n"
                            .formatted(id, 2 * nginx.requestsPerSecond()));
        }
        text.append(
                """
                        proxy_pass http://decant_%1$s;
                        proxy_http_version 1.1;
                        proxy_set_header Host $host;
                        proxy_set_header Upgrade $http_upgrade;
                        proxy_set_header Connection $decant_%1$s_connection;
                        proxy_set_header X-Real-IP $remote_addr;
                        # What the client says of where it comes from is replaced, not added to.
                        proxy_set_header X-Forwarded-For $remote_addr;
                        proxy_set_header X-Forwarded-Proto $scheme;
                        proxy_set_header X-Forwarded-Host $host;
                        proxy_set_header X-Forwarded-Port $server_port;
                        # A websocket may be silent for longer than a minute.
                        proxy_read_timeout 1h;
                    }
                }
                """
                        .formatted(id));
        return text.toString();
    }

    private static String listen(List<Integer> ports, String more) {
        return ports.stream()
                .map(
                        port ->
                                "    listen %1$d%2$s;\n    listen [::]:%1$d%2$s;\n"
                                        .formatted(port, more))
                .collect(Collectors.joining());
    }
}
