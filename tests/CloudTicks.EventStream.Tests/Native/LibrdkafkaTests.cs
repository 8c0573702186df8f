using CloudTicks.EventStream.Native;

namespace CloudTicks.EventStream.Tests.Native;

public sealed class LibrdkafkaTests
{
    [Fact]
    public void Path_that_is_no_library_is_named_with_what_to_do()
    {
        var refused = Should.Throw<DllNotFoundException>(() => Librdkafka.LoadFile("/nowhere/librdkafka.so.1", []));

        refused.Message.ShouldContain("/nowhere/librdkafka.so.1");
        refused.Message.ShouldContain(Librdkafka.PathVariable);
    }

    [Fact]
    public void Missing_library_says_what_to_set_or_install()
    {
        var refused = Should.Throw<DllNotFoundException>(() => Librdkafka.LoadFile(null, ["libnowhere.so.1"]));

        refused.Message.ShouldContain(Librdkafka.PathVariable);
        refused.Message.ShouldContain("librdkafka1");
    }

    [Fact]
    public void Library_is_found_and_loading_twice_does_no_harm()
    {
        Librdkafka.EnsureLoaded();
        Librdkafka.EnsureLoaded();

        Confluent.Kafka.Library.Version.ShouldBeGreaterThan(0x01090000);
    }
}
