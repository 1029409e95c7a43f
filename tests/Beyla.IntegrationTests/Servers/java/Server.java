// The fleet's contract (../README.md) on the HTTP server of the JDK.
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

public final class Server {
    private static final int PIECE = 64 * 1024;
    private static final byte[] CONTENT =
        "HTTP/1.1 599 Invented\r\nContent-Length: 0\r\n\r\n".repeat(30000).getBytes(StandardCharsets.US_ASCII);
    private static FileOutputStream truth;

    private final HttpExchange exchange;
    private final Map<String, String> query;
    private final int status;
    private final long start = System.nanoTime();
    private long end = start;
    private long received;
    private long sent;

    private Server(HttpExchange exchange) {
        this.exchange = exchange;
        query = parse(exchange.getRequestURI().getQuery());
        String[] parts = exchange.getRequestURI().getPath().split("/");
        status = parts[1].equals("status") ? Integer.parseInt(parts[2]) : 200;
    }

    public static void main(String[] args) throws IOException, GeneralSecurityException {
        truth = new FileOutputStream(args[1], true);
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
        HttpServer server = args.length > 2 ? secure(address, args[2], args[3]) : HttpServer.create(address, 128);
        server.setExecutor(Executors.newFixedThreadPool(32));
        server.createContext("/", exchange -> new Server(exchange).answer());
        server.start();
    }

    private static HttpServer secure(InetSocketAddress address, String certificateFile, String keyFile)
            throws IOException, GeneralSecurityException {
        String key = Files.readString(Path.of(keyFile)).replaceAll("-----[A-Z ]+-----|\\s", "");
        PrivateKey secret = KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key)));
        Certificate certificate = CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(Path.of(certificateFile))));
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", secret, new char[0], new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        HttpsServer server = HttpsServer.create(address, 128);
        server.setHttpsConfigurator(new HttpsConfigurator(context));
        return server;
    }

    private static Map<String, String> parse(String text) {
        Map<String, String> query = new HashMap<>();
        for (String pair : text == null ? new String[0] : text.split("&")) {
            int equals = pair.indexOf('=');
            query.put(pair.substring(0, equals), pair.substring(equals + 1));
        }
        return query;
    }

    private void answer() throws IOException {
        try {
            if (!query.containsKey("early")) {
                read();
            }
            if (query.containsKey("delay_ms")) {
                Thread.sleep(Long.parseLong(query.get("delay_ms")));
            }
            write();
            // This throws away what is left of the request's content.
            exchange.close();
        } catch (InterruptedException problem) {
            Thread.currentThread().interrupt();
        } finally {
            log();
        }
    }

    private void read() throws IOException {
        InputStream body = exchange.getRequestBody();
        byte[] buffer = new byte[PIECE];
        for (int read; (read = body.read(buffer)) >= 0;) {
            received += read;
        }
    }

    private void write() throws IOException {
        int size = Integer.parseInt(query.getOrDefault("size", "0"));
        boolean chunked = query.containsKey("chunked");
        exchange.getResponseHeaders().set("Content-Type", "application/octet-stream");
        if (query.containsKey("close")) {
            exchange.getResponseHeaders().set("Connection", "close");
        }
        end = System.nanoTime();
        if (exchange.getRequestMethod().equals("HEAD") || status == 204 || status == 304) {
            exchange.sendResponseHeaders(status, -1);
            return;
        }
        // To this method 0 means chunked and -1 means nothing.
        exchange.sendResponseHeaders(status, chunked ? 0 : size == 0 ? -1 : size);
        if (size == 0) {
            return;
        }
        OutputStream body = exchange.getResponseBody();
        while (sent < size) {
            int length = (int) Math.min(PIECE, size - sent);
            end = System.nanoTime();
            body.write(CONTENT, (int) sent, length);
            sent += length;
        }
        body.close();
    }

    private void log() throws IOException {
        String line = String.format(
            "{\"id\":\"%s\",\"method\":\"%s\",\"path\":\"%s\",\"status\":%d,\"requestBytes\":%s,\"responseBytes\":%d,"
                + "\"handlerStartNs\":%d,\"handlerEndNs\":%d}%n",
            query.get("id"), exchange.getRequestMethod(), exchange.getRequestURI().getPath(), status,
            query.containsKey("early") ? null : received, sent, start, end);
        truth.write(line.getBytes(StandardCharsets.US_ASCII));
    }
}
