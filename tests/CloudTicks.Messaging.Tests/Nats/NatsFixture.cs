using CloudTicks.Messaging.Tests.Nats;

[assembly: AssemblyFixture(typeof(NatsFixture))]

namespace CloudTicks.Messaging.Tests.Nats;

/// <summary>nats-server and libnats; libnats is found by its environment variable, as in production.</summary>
public sealed class NatsFixture
{
    public NatsFixture()
    {
        ServerProgram = Environment.GetEnvironmentVariable("TRY_NATS_SERVER")!;
    }

    public string ServerProgram { get; }
}
