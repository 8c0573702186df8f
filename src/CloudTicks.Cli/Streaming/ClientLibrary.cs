namespace CloudTicks.Cli.Streaming;

/// <summary>The Kafka client that AppHost has fetched into the user's cache serves this program too, where nothing else is set or installed.</summary>
internal static class ClientLibrary
{
    private const string Variable = "CLOUDTICKS_LIBRDKAFKA";

    public static void UseFetched()
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            return;
        }

        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is ['/', ..] set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var root = new DirectoryInfo(Path.Combine(cache, "cloudticks"));
        var library = root.Exists
            ? root.EnumerateDirectories("local-services-*").Select(folder => new FileInfo(Path.Combine(folder.FullName, "client", "librdkafka.so")))
                .Where(file => file.Exists).MaxBy(file => file.LastWriteTimeUtc)
            : null;
        if (library is not null)
        {
            Environment.SetEnvironmentVariable(Variable, library.FullName);
        }
    }
}
