using CloudTicks.EventStream.Native;

namespace CloudTicks.EventStream.Tests.Native;

public sealed class LibrdkafkaTests
{
    [Fact]
    public void Invalid_library_path_is_reported()
    {
        var exception = Should.Throw<DllNotFoundException>(() => Librdkafka.LoadFile("/nowhere/librdkafka.so.1", []));

        exception.Message.ShouldContain("/nowhere/librdkafka.so.1");
        exception.Message.ShouldContain(Librdkafka.PathVariable);
    }

    [Fact]
    public void Missing_library_error_names_the_setting_and_the_package()
    {
        var exception = Should.Throw<DllNotFoundException>(() => Librdkafka.LoadFile(null, ["libnowhere.so.1"]));

        exception.Message.ShouldContain(Librdkafka.PathVariable);
        exception.Message.ShouldContain("librdkafka1");
    }

    [Fact]
    public void Library_can_be_loaded_twice()
    {
        Librdkafka.EnsureLoaded();
        Librdkafka.EnsureLoaded();

        Confluent.Kafka.Library.Version.ShouldBeGreaterThan(0x01090000);
    }
}
