namespace CloudTicks.EventStream.Native;

/// <summary>
/// The native library of Confluent.Kafka: in this flavour, the library in librdkafka.redist, which Confluent.Kafka loads by itself.
/// </summary>
public static class Librdkafka
{
    /// <summary>The environment variable with the path of the library in the other flavour; unused here.</summary>
    public const string PathVariable = "CLOUDTICKS_LIBRDKAFKA";

    /// <summary>Does nothing: this flavour needs no preparation.</summary>
    public static void EnsureLoaded()
    {
    }
}
