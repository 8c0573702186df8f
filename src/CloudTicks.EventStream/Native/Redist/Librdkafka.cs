namespace CloudTicks.EventStream.Native;

/// <summary>The native library under Confluent.Kafka: here the one of librdkafka.redist, which Confluent.Kafka finds by itself.</summary>
public static class Librdkafka
{
    /// <summary>The environment variable that names the library in the other flavour; here it says nothing.</summary>
    public const string PathVariable = "CLOUDTICKS_LIBRDKAFKA";

    /// <summary>Nothing has to be done before the first client.</summary>
    public static void EnsureLoaded()
    {
    }
}
