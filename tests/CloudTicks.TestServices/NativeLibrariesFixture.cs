using Xunit;

namespace CloudTicks.TestServices;

/// <summary>
/// Points this process at librdkafka and libnats, unless its environment does. As an assembly fixture it is there before the
/// first test loads a library: <c>[assembly: AssemblyFixture(typeof(NativeLibrariesFixture))]</c>.
/// </summary>
public sealed class NativeLibrariesFixture : IAsyncLifetime
{
    /// <summary>Holds librdkafka's absolute path.</summary>
    public const string LibrdkafkaVariable = "CLOUDTICKS_LIBRDKAFKA";

    /// <summary>Holds libnats's absolute path.</summary>
    public const string LibnatsVariable = "CLOUDTICKS_LIBNATS";

    /// <summary>Sets the variables; for callers that are not an xunit fixture.</summary>
    public static async Task UseAsync()
    {
        var installation = await TestInstallation.GetAsync();
        SetUnlessSet(LibrdkafkaVariable, installation.Librdkafka);
        SetUnlessSet(LibnatsVariable, installation.Libnats);
    }

    /// <summary>Sets the variables.</summary>
    public async ValueTask InitializeAsync() => await UseAsync();

    /// <summary>Leaves the variables: libraries stay loaded until the process ends.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void SetUnlessSet(string variable, string path)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            Environment.SetEnvironmentVariable(variable, path);
        }
    }
}
