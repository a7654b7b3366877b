package io.github.accessgroupsmock;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads and writes JSON, because the package has no dependency besides JUnit. Objects are maps, arrays are lists, numbers
 * are {@link BigDecimal}; what has another form than expected is an {@link IllegalArgumentException}.
 */
final class Json {
    private final String text;
    private int position;

    private Json(String text) {
        this.text = text;
    }

    static Object parse(String text) {
        Json json = new Json(text);
        Object value = json.value();
        json.skipWhitespace();
        if (json.position < text.length()) {
            throw json.error("unexpected text after the value");
        }
        return value;
    }

    /** Returns a value that must be an object. */
    static Map<String, Object> object(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw new IllegalArgumentException("`" + write(value) + "` is not an object");
        }
        Map<String, Object> object = new LinkedHashMap<>();
        map.forEach((name, member) -> object.put((String) name, member));
        return object;
    }

    /** Returns a value that must be an array. */
    static List<?> array(Object value) {
        if (value instanceof List<?> list) {
            return list;
        }
        throw new IllegalArgumentException("`" + write(value) + "` is not an array");
    }

    /** Returns the field of an object, which must be a string. */
    static String string(Map<String, Object> object, String field) {
        if (object.get(field) instanceof String string) {
            return string;
        }
        throw new IllegalArgumentException("`" + field + "` is not a string in " + write(object));
    }

    /** Returns the field of an object, which must be a number. */
    static Number number(Map<String, Object> object, String field) {
        if (object.get(field) instanceof Number number) {
            return number;
        }
        throw new IllegalArgumentException("`" + field + "` is not a number in " + write(object));
    }

    static String write(Object value) {
        StringBuilder output = new StringBuilder();
        write(value, output);
        return output.toString();
    }

    private static void write(Object value, StringBuilder output) {
        if (value instanceof String string) {
            writeString(string, output);
        } else if (value instanceof Map<?, ?> map) {
            String separator = "{";
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                output.append(separator);
                writeString((String) entry.getKey(), output);
                write(entry.getValue(), output.append(':'));
                separator = ",";
            }
            output.append(map.isEmpty() ? "{}" : "}");
        } else if (value instanceof List<?> list) {
            String separator = "[";
            for (Object item : list) {
                write(item, output.append(separator));
                separator = ",";
            }
            output.append(list.isEmpty() ? "[]" : "]");
        } else {
            // A number, a boolean or null.
            output.append(value);
        }
    }

    private static void writeString(String string, StringBuilder output) {
        output.append('"');
        for (char character : string.toCharArray()) {
            if (character == '"' || character == '\\') {
                output.append('\\').append(character);
            } else if (character < ' ' || Character.isSurrogate(character)) {
                output.append(String.format("\\u%04x", (int) character));
            } else {
                output.append(character);
            }
        }
        output.append('"');
    }

    private Object value() {
        skipWhitespace();
        return switch (peek()) {
            case '{' -> readObject();
            case '[' -> readArray();
            case '"' -> readString();
            case 't' -> literal("true", true);
            case 'f' -> literal("false", false);
            case 'n' -> literal("null", null);
            default -> readNumber();
        };
    }

    private Map<String, Object> readObject() {
        Map<String, Object> object = new LinkedHashMap<>();
        position++;
        skipWhitespace();
        while (peek() != '}') {
            skipWhitespace();
            String name = readString();
            skipWhitespace();
            expect(':');
            object.put(name, value());
            endOfItem('}');
        }
        position++;
        return object;
    }

    private List<Object> readArray() {
        List<Object> array = new ArrayList<>();
        position++;
        skipWhitespace();
        while (peek() != ']') {
            array.add(value());
            endOfItem(']');
        }
        position++;
        return array;
    }

    private void endOfItem(char end) {
        skipWhitespace();
        if (peek() != end) {
            expect(',');
        }
    }

    private String readString() {
        expect('"');
        StringBuilder string = new StringBuilder();
        while (peek() != '"') {
            char character = text.charAt(position++);
            string.append(character == '\\' ? escape() : character);
        }
        position++;
        return string.toString();
    }

    private char escape() {
        char character = peek();
        position++;
        return switch (character) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                if (position + 4 > text.length()) {
                    throw error("incomplete escape sequence");
                }
                position += 4;
                yield (char) Integer.parseInt(text.substring(position - 4, position), 16);
            }
            default -> character;
        };
    }

    private BigDecimal readNumber() {
        int start = position;
        while (position < text.length() && "+-.eE0123456789".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        if (start == position) {
            throw error("expected a value");
        }
        return new BigDecimal(text.substring(start, position));
    }

    private Object literal(String literal, Object value) {
        if (!text.startsWith(literal, position)) {
            throw error("expected a value");
        }
        position += literal.length();
        return value;
    }

    private void expect(char character) {
        if (peek() != character) {
            throw error("expected `" + character + "`");
        }
        position++;
    }

    private char peek() {
        if (position >= text.length()) {
            throw error("unexpected end");
        }
        return text.charAt(position);
    }

    private void skipWhitespace() {
        while (position < text.length() && " \t\r\n".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
    }

    private IllegalArgumentException error(String message) {
        return new IllegalArgumentException(message + " at character " + position + " of " + text);
    }
}
