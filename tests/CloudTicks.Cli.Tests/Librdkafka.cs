using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests;

/// <summary>Gives Confluent.Kafka the librdkafka that the environment names, else the one that the local services fetched.</summary>
public sealed class Librdkafka : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await NativeLibrariesFixture.UseAsync();
        EventStream.Native.Librdkafka.EnsureLoaded();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
