package io.github.accessgroupsmock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

final class JsonTest {
    @Test
    void valuesAreReadAndWritten() {
        String json = "{\"a\":[1,-2.50,true,false,null,\"x\\\"\\\\\\u000a\\ud83d\\ude00é\"],\"b\":{},\"c\":[]}";

        assertEquals(json, Json.write(Json.parse(" " + json.replace(",", " ,\n").replace(":", " : ") + "\t")));
    }

    @Test
    void escapesAreDecoded() {
        assertEquals("\b\f\n\r\t/\"\\😀", Json.parse("\"\\b\\f\\n\\r\\t\\/\\\"\\\\\\uD83D\\uDE00\""));
    }

    @Test
    void invalidJsonIsRejected() {
        for (String json : List.of("", "{", "[1", "\"x", "{\"a\" 1}", "[1 2]", "nul", "1 2", "\"\\u12\"", "--1", "{1:2}", "\"\\")) {
            assertThrows(IllegalArgumentException.class, () -> Json.parse(json), json);
        }
    }
}
