using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>A file with one user, whose password must not appear in any output.</summary>
internal sealed class TestUsers : IDisposable
{
    public const string Name = "collector";
    public const string Password = "canary-4f1d+/=:pass";

    /// <summary>A connection string, which clients of Azure Event Hubs send as the password.</summary>
    public const string ConnectionString =
        $"Endpoint=sb://localhost/;SharedAccessKeyName={Name};SharedAccessKey={Password};EntityPath=ticks";

    private readonly TemporaryFolder _folder = new();

    public TestUsers()
    {
        System.IO.File.WriteAllText(File, $"# users\n\n{Name}:{Password}\n");
        if (!OperatingSystem.IsWindows())
        {
            System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    public string File => _folder.File("users");

    public string[] Options => ["--users-file", File];

    public void Dispose() => _folder.Dispose();
}
