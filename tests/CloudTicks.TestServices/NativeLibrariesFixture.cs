using Xunit;

namespace CloudTicks.TestServices;

/// <summary>
/// Sets the paths of librdkafka and libnats for this process, unless the environment does. As an assembly fixture it runs before the first
/// test loads a library: <c>[assembly: AssemblyFixture(typeof(NativeLibrariesFixture))]</c>.
/// </summary>
public sealed class NativeLibrariesFixture : IAsyncLifetime
{
    /// <summary>The variable with librdkafka's absolute path.</summary>
    public const string LibrdkafkaVariable = "CLOUDTICKS_LIBRDKAFKA";

    /// <summary>The variable with libnats's absolute path.</summary>
    public const string LibnatsVariable = "CLOUDTICKS_LIBNATS";

    /// <summary>Sets the variables, for callers other than xunit.</summary>
    public static async Task UseAsync()
    {
        var installation = await TestInstallation.GetAsync();
        SetUnlessSet(LibrdkafkaVariable, installation.Librdkafka);
        SetUnlessSet(LibnatsVariable, installation.Libnats);
    }

    /// <summary>Sets the variables.</summary>
    public async ValueTask InitializeAsync() => await UseAsync();

    /// <summary>Keeps the variables: libraries stay loaded until the process exits.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private static void SetUnlessSet(string variable, string path)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            Environment.SetEnvironmentVariable(variable, path);
        }
    }
}
