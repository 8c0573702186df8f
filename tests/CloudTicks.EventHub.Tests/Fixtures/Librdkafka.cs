using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

[assembly: AssemblyFixture(typeof(Librdkafka))]

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>Loads the librdkafka that the environment names, or else the copy that the local services fetched.</summary>
public sealed class Librdkafka : IAsyncLifetime
{
    public async ValueTask InitializeAsync()
    {
        await NativeLibrariesFixture.UseAsync();
        EventStream.Native.Librdkafka.EnsureLoaded();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
