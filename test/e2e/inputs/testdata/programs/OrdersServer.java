import com.sun.net.httpserver.HttpServer;
import java.net.InetSocketAddress;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A service that knows nothing of OpenTelemetry and fails on every order. */
public class OrdersServer {
    static final Logger LOG = Logger.getLogger("orders");

    static void take(int stock) {
        if (stock <= 0) {
            throw new IllegalStateException("stock is empty");
        }
    }

    static void place(int stock) {
        try {
            take(stock);
        } catch (IllegalStateException e) {
            throw new RuntimeException("order was not placed", e);
        }
    }

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", Integer.parseInt(args[0])), 0);
        server.createContext("/orders", exchange -> {
            int status = 200;
            try {
                place(0);
            } catch (RuntimeException e) {
                LOG.log(Level.SEVERE, "order failed", e);
                status = 500;
            }
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }
}
