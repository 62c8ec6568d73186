import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;

/**
 * Kafka Streams' entrant is a processor with a persistent store and its changelog.
 *
 * <p>Its job is that of `job.py`, word for word.
 */
public final class ImpossibleSpeed {
    private static final double EARTH_KM = 6371.0;
    private static final double MAX_KM_PER_HOUR = 150.0;
    private static final long MIN_MS = 1_000;
    private static final int FRAME_BYTES = 5;
    private static final String STORE = "last";

    public static void main(String[] arguments) throws IOException {
        JsonNode task = new ObjectMapper().readTree(new File(arguments[0]));
        StreamsBuilder builder = new StreamsBuilder();
        builder.addStateStore(
            Stores.keyValueStoreBuilder(
                    Stores.persistentKeyValueStore(STORE), Serdes.String(), Serdes.String())
                .withCachingEnabled());
        builder
            .stream(
                task.get("source").asText(), Consumed.with(Serdes.String(), Serdes.ByteArray()))
            .process(() -> new Judge(task), STORE)
            .to(task.get("sink").asText(), Produced.with(Serdes.String(), Serdes.ByteArray()));
        KafkaStreams streams = new KafkaStreams(builder.build(), settings(task));
        Runtime.getRuntime().addShutdownHook(new Thread(streams::close));
        streams.start();
    }

    private static Properties settings(JsonNode task) {
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, task.get("group").asText());
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, task.get("bootstrap").asText());
        settings.put(StreamsConfig.STATE_DIR_CONFIG, task.get("directory").asText());
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        settings.put(
            StreamsConfig.consumerPrefix("session.timeout.ms"),
            task.get("session_timeout_ms").asInt());
        task.get("options")
            .properties()
            .forEach(option -> settings.put(option.getKey(), option.getValue().asText()));
        return settings;
    }

    private record Seen(long atMs, String post, String scanId) {
        String text() {
            return atMs + "|" + post + "|" + scanId;
        }

        static Seen of(String text) {
            int first = text.indexOf('|');
            int last = text.lastIndexOf('|');
            return new Seen(
                Long.parseLong(text.substring(0, first)),
                text.substring(first + 1, last),
                text.substring(last + 1));
        }
    }

    private static final class Judge implements Processor<String, byte[], String, byte[]> {
        private final Map<String, Map<String, Double>> kmBetween = new HashMap<>();
        private final Schema flagSchema;
        private final byte[] header;
        private final GenericDatumReader<GenericRecord> reader;
        private final GenericDatumWriter<GenericRecord> writer;
        private ProcessorContext<String, byte[]> context;
        private KeyValueStore<String, String> store;
        private BinaryDecoder decoder;
        private BinaryEncoder encoder;
        private GenericRecord scan;

        Judge(JsonNode task) {
            reader =
                new GenericDatumReader<>(
                    new Schema.Parser().parse(task.get("scan_schema").toString()));
            flagSchema = new Schema.Parser().parse(task.get("flag_schema").toString());
            writer = new GenericDatumWriter<>(flagSchema);
            header =
                ByteBuffer.allocate(FRAME_BYTES)
                    .put((byte) 0)
                    .putInt(task.get("flag_schema_id").asInt())
                    .array();
            var posts = task.get("posts").properties();
            posts.forEach(post -> {
                Map<String, Double> others = new HashMap<>();
                posts.forEach(
                    other -> others.put(other.getKey(), km(post.getValue(), other.getValue())));
                kmBetween.put(post.getKey(), others);
            });
        }

        @Override
        public void init(ProcessorContext<String, byte[]> context) {
            this.context = context;
            store = context.getStateStore(STORE);
        }

        @Override
        public void process(Record<String, byte[]> record) {
            Seen seen = read(record.value());
            String before = store.get(record.key());
            if (before != null) {
                Seen last = Seen.of(before);
                if (tooFast(last, seen)) {
                    context.forward(record.withValue(flag(record.key(), last, seen)));
                }
            }
            store.put(record.key(), seen.text());
        }

        private Seen read(byte[] value) {
            try {
                int length = value.length - FRAME_BYTES;
                decoder = DecoderFactory.get().binaryDecoder(value, FRAME_BYTES, length, decoder);
                scan = reader.read(scan, decoder);
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            }
            return new Seen(
                (Long) scan.get("scanned_at"),
                scan.get("checkpoint_id").toString(),
                scan.get("event_id").toString());
        }

        private boolean tooFast(Seen before, Seen seen) {
            double hours = Math.max(Math.abs(seen.atMs() - before.atMs()), MIN_MS) / 3_600_000.0;
            return kmBetween.get(before.post()).get(seen.post()) > MAX_KM_PER_HOUR * hours;
        }

        private byte[] flag(String documentKey, Seen before, Seen seen) {
            GenericRecord flag = new GenericData.Record(flagSchema);
            flag.put("flag_id", seen.scanId());
            flag.put("person_id", documentKey);
            flag.put("rule", "impossible_travel");
            flag.put("subject", seen.scanId());
            flag.put("reasons", new ArrayList<>(List.of("impossible_speed")));
            flag.put("causes", new ArrayList<>(List.of(before.scanId(), seen.scanId())));
            flag.put("occurred_at", seen.atMs());
            flag.put("reference_version", 0L);
            flag.put("version", 0L);
            flag.put("raised_at", seen.atMs());
            ByteArrayOutputStream body = new ByteArrayOutputStream();
            body.writeBytes(header);
            try {
                encoder = EncoderFactory.get().binaryEncoder(body, encoder);
                writer.write(flag, encoder);
                encoder.flush();
            } catch (IOException fault) {
                throw new UncheckedIOException(fault);
            }
            return body.toByteArray();
        }

        private static double km(JsonNode post, JsonNode other) {
            double latitude = Math.toRadians(post.get(0).asDouble());
            double toLatitude = Math.toRadians(other.get(0).asDouble());
            double east = Math.toRadians(other.get(1).asDouble() - post.get(1).asDouble());
            double half = Math.pow(Math.sin((toLatitude - latitude) / 2), 2);
            half += Math.cos(latitude) * Math.cos(toLatitude) * Math.pow(Math.sin(east / 2), 2);
            return 2 * EARTH_KM * Math.asin(Math.sqrt(half));
        }
    }
}
