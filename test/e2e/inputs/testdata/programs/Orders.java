import java.util.logging.Level;
import java.util.logging.Logger;

/** Logs a failure with its cause, then ends with another. */
public class Orders {
    static int take(int stock) {
        if (stock <= 0) {
            throw new IllegalStateException("stock is empty");
        }
        return stock - 1;
    }

    static void place(int stock) {
        try {
            take(stock);
        } catch (IllegalStateException e) {
            throw new RuntimeException("order was not placed", e);
        }
    }

    public static void main(String[] args) {
        // The form that Logback and Log4j write; the exception begins on a line of its own.
        System.setProperty("java.util.logging.SimpleFormatter.format", "%1$tF %1$tT.%1$tL %4$s [main] %3$s trace_id=" + args[0] + " %5$s%6$s%n");
        Logger log = Logger.getLogger("orders");
        log.info("orders is up");
        try {
            place(0);
        } catch (RuntimeException e) {
            log.log(Level.SEVERE, "order failed", e);
        }
        log.info("next order");
        Object[] shelves = new Object[1];
        shelves[2] = args;
    }
}
