using CloudTicks.Foundations.Disks;

namespace CloudTicks.Cli.Sql;

/// <summary>The queries typed at the prompt, stored in the user's state folder in a file that only the user can read.</summary>
internal sealed class QueryHistory
{
    private const int MaxQueries = 500;

    private readonly string? _file;
    private readonly List<string> _queries = [];

    /// <param name="file">The file; null keeps the queries in memory only.</param>
    public QueryHistory(string? file)
    {
        _file = file;
        try
        {
            if (file is not null && File.Exists(file))
            {
                _queries.AddRange(File.ReadAllLines(file).TakeLast(MaxQueries));
            }
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            _file = null;
        }
    }

    /// <summary>
    /// The path of this user's file, below XDG_STATE_HOME or else <c>~/.local/state</c>; null if the user has neither that variable nor a
    /// home folder.
    /// </summary>
    public static string? UserFile()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var stateFolder = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is ['/', ..] set ? set
            : home.Length > 0 ? Path.Combine(home, ".local", "state") : null;
        return stateFolder is null ? null : Path.Combine(stateFolder, "cloudticks", "sql-history");
    }

    public IReadOnlyList<string> Queries => _queries;

    /// <summary>Adds a query, joined into one line.</summary>
    public void Add(string query)
    {
        var line = query.ReplaceLineEndings(" ").Trim();
        if (line.Length == 0 || (_queries.Count > 0 && _queries[^1] == line))
        {
            return;
        }

        _queries.Add(line);
        try
        {
            if (_file is not null)
            {
                var disk = new Disk();
                disk.CreatePrivateFolder(Path.GetDirectoryName(_file)!);
                disk.Replace(_file, System.Text.Encoding.UTF8.GetBytes(string.Join('\n', _queries.TakeLast(MaxQueries)) + "\n"));
            }
        }
        catch (Exception unwritable) when (unwritable is IOException or UnauthorizedAccessException)
        {
            // The prompt works without a history.
        }
    }
}
