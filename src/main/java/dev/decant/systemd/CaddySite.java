package dev.decant.systemd;

import dev.decant.config.AppNames;
import dev.decant.config.CaddyConfig;
import dev.decant.config.PublicPort;
import dev.decant.config.ServiceConfig;
import dev.decant.release.HostLayout;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The site of an app, as a part of a Caddyfile, with `@PORT@` where the slot's port goes and
/// `@STATIC@` where the release's static files are. Written for Caddy 2.6, Debian 12's.
public final class CaddySite {

    private static final int TLS = 443;

    private CaddySite() {}

    /// @param service with public ports
    public static String text(AppNames names, ServiceConfig service, CaddyConfig caddy) {
        StringBuilder text = new StringBuilder();
        text.append(
                """
                # Written by `decant setup` and, for each release, by a deploy. Changes of your own are lost here; whatever
                # stands in another file of this folder stays.
                """);
        text.append(String.join(", ", addresses(service, caddy))).append(" {\n");
        tls(text, service, caddy);
        HostLayout layout = new HostLayout(names.unit());
        String flag = layout.maintenance();
        text.append(
                """
                	# As long as `decant maintenance` is on.
                	@maintenance file {
                		root /
                		try_files %1$s
                	}
                	handle @maintenance {
                		root * %2$s
                		rewrite * /maintenance.html
                		header Retry-After 120
                		header Cache-Control no-store
                		file_server {
                			status 503
                		}
                	}
                """
                        .formatted(flag, flag.substring(0, flag.lastIndexOf('/'))));
        if (caddy.serveStatic()) {
            text.append(
                    """
                    	@static {
                    		file {
                    			root @STATIC@
                    		}
                    		not path */
                    	}
                    	handle @static {
                    		root * @STATIC@
                    		file_server {
                    			precompressed br gzip
                    		}
                    	}
                    """);
        }
        text.append("\thandle {\n\t\treverse_proxy 127.0.0.1:@PORT@ {\n");
        if (!caddy.trustedProxies().isEmpty()) {
            text.append("\t\t\t# Whoever else sends X-Forwarded-For is not believed.\n");
            text.append("\t\t\ttrusted_proxies ")
                    .append(String.join(" ", caddy.trustedProxies()))
                    .append('\n');
        }
        text.append(
                """
                			header_up X-Real-IP {remote_host}
                			header_up -X-Forwarded-Port
                			# A connection that the old release closes as it drains was none to ask on.
                			lb_try_duration 2s
                		}
                	}
                }
                """);
        return text.toString();
    }

    private static List<String> addresses(ServiceConfig service, CaddyConfig caddy) {
        List<Integer> ports = service.publicPorts().stream().map(PublicPort::port).toList();
        List<String> names = caddy.serverNames().isEmpty() ? List.of("") : caddy.serverNames();
        List<String> addresses = new ArrayList<>();
        if (ports.contains(TLS)) {
            // With a name Caddy leads those at port 80 there by itself.
            names.forEach(name -> addresses.add(name.isEmpty() ? ":443" : name));
        }
        for (int port : ports) {
            if (port != TLS && (port != 80 || !ports.contains(TLS))) {
                names.forEach(name -> addresses.add("http://" + name + ":" + port));
            }
        }
        return addresses;
    }

    private static void tls(StringBuilder text, ServiceConfig service, CaddyConfig caddy) {
        if (service.publicPorts().stream().noneMatch(port -> port.port() == TLS)) {
            return;
        }
        Optional<String> email = caddy.email();
        if (caddy.certificate().isPresent()) {
            text.append("\ttls ").append(caddy.certificate().get()).append(' ');
            text.append(caddy.certificateKey().orElseThrow()).append('\n');
        } else if (email.isPresent() || caddy.acme().isPresent() || caddy.acmeRoot().isPresent()) {
            text.append("\ttls").append(email.map(address -> " " + address).orElse(""));
            text.append(" {\n");
            caddy.acme().ifPresent(url -> text.append("\t\tca ").append(url).append('\n'));
            caddy.acmeRoot()
                    .ifPresent(file -> text.append("\t\tca_root ").append(file).append('\n'));
            text.append("\t}\n");
        }
    }
}
