namespace CloudTicks.Cli.Places;

/// <summary>
/// Selects the newest Kafka and NATS clients that AppHost has fetched into the user's cache, unless environment variables name others.
/// </summary>
internal static class ClientLibrary
{
    public static void UseFetched()
    {
        Use("CLOUDTICKS_LIBRDKAFKA", "librdkafka.so");
        Use("CLOUDTICKS_LIBNATS", "libnats.so");
    }

    private static void Use(string variable, string file)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            return;
        }

        var cacheFolder = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is ['/', ..] set
            ? set
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var root = new DirectoryInfo(Path.Combine(cacheFolder, "cloudticks"));
        var library = root.Exists
            ? root.EnumerateDirectories("local-services-*").Select(folder => new FileInfo(Path.Combine(folder.FullName, "client", file)))
                .Where(found => found.Exists).MaxBy(found => found.LastWriteTimeUtc)
            : null;
        if (library is not null)
        {
            Environment.SetEnvironmentVariable(variable, library.FullName);
        }
    }
}
