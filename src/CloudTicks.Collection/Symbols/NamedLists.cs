using CloudTicks.Ticks;

namespace CloudTicks.Collection.Symbols;

/// <summary>
/// The lists of symbols that have names: those that come with the program, and those of the user's folder, which go before. Names are
/// compared by their letters and digits alone: <c>sp500</c>, <c>SP_500</c> and <c>S&amp;P 500</c> are <c>sp-500</c>.
/// </summary>
internal sealed class NamedLists
{
    /// <summary>The name of all lists together.</summary>
    public const string All = "all";

    private const string Extension = ".yaml";

    private readonly SortedDictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>Finds the lists.</summary>
    /// <param name="folder">The user's folder; null when there is none.</param>
    /// <exception cref="CollectorException">The folder cannot be read.</exception>
    public NamedLists(string? folder)
        : this(BuiltIn, folder)
    {
    }

    internal NamedLists(string builtIn, string? folder)
    {
        AddFolder(builtIn);
        if (!string.IsNullOrWhiteSpace(folder))
        {
            AddFolder(Path.GetFullPath(folder));
        }
    }

    /// <summary>Where the lists are that come with the program.</summary>
    public static string BuiltIn => Path.Combine(AppContext.BaseDirectory, "lists");

    /// <summary>The names, in their order.</summary>
    public IReadOnlyList<string> Names => [.. _paths.Values.Select(Path.GetFileNameWithoutExtension).OfType<string>()];

    /// <summary>The symbols of a list.</summary>
    /// <param name="name">Its name, in any spelling.</param>
    /// <exception cref="CollectorException">There is no such list, or its file cannot be used.</exception>
    public IReadOnlyList<Symbol> Read(string name)
    {
        var letters = Letters(name);
        return _paths.TryGetValue(letters, out var path) ? SymbolListFile.Read(path)
            : letters == All ? [.. _paths.Values.SelectMany(SymbolListFile.Read)]
            : throw new CollectorException(
                $"Collector:Lists has '{name}', and there is no such list{Suggestion(letters)}. There are {string.Join(", ", Names)} and {All}; lists of your own "
                + "go into Collector:ListFolder as NAME.yaml.");
    }

    private void AddFolder(string folder)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension))
            {
                _paths[Letters(Path.GetFileNameWithoutExtension(path))] = path;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CollectorException($"The folder of lists {folder} cannot be read: {exception.Message}");
        }
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private string Suggestion(string letters)
    {
        var nearest = _paths.Keys.MinBy(known => Distance(letters, known));
        return nearest is not null && Distance(letters, nearest) <= Math.Max(2, letters.Length / 3)
            ? $"; did you mean {Path.GetFileNameWithoutExtension(_paths[nearest])}?" : "";
    }

    /// <summary>How many letters must be changed, added or taken away; none at all when the one begins the other.</summary>
    private static int Distance(string left, string right)
    {
        if (left.Length > 1 && right.StartsWith(left, StringComparison.Ordinal))
        {
            return 0;
        }

        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        foreach (var (index, letter) in left.Index())
        {
            var diagonal = row[0];
            row[0] = index + 1;
            for (var column = 1; column <= right.Length; column++)
            {
                var change = diagonal + (letter == right[column - 1] ? 0 : 1);
                diagonal = row[column];
                row[column] = Math.Min(change, Math.Min(row[column], row[column - 1]) + 1);
            }
        }

        return row[^1];
    }
}
