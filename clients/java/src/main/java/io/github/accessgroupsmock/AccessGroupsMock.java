package io.github.accessgroupsmock;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Lets test methods, {@code @BeforeEach} and {@code @AfterEach} have a parameter of the type {@link Namespace}: a new
 * namespace for the test, with its own URLs, state, journal, faults and clock.
 *
 * <p>A parameter of the type {@link Server}, also of constructors and {@code @BeforeAll}, is the server itself. All
 * classes with the same seed and arguments share one server, which is started on first use and stopped at the end of
 * the run. If a test has failed, its requests and their responses are printed to standard error.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(AccessGroupsMockExtension.class)
public @interface AccessGroupsMock {
    /**
     * Returns the path of the seed file, relative to the working directory; by default the configuration parameter
     * {@code access-groups-mock.seed} of JUnit.
     */
    String seed() default "";

    /**
     * Returns the additional arguments of the server, such as {@code "--explain"}; by default the words of the
     * configuration parameter {@code access-groups-mock.args} of JUnit.
     */
    String[] args() default {};
}
