using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests;

/// <summary>Loads the librdkafka that the environment names, else that of the local services, for Confluent.Kafka.</summary>
public sealed class Librdkafka : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await NativeLibrariesFixture.UseAsync();
        EventStream.Native.Librdkafka.EnsureLoaded();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
