using CloudTicks.CentralHub.Spelling;
using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Lists;

/// <summary>Named symbol lists, the user's before the program's; names match by letters and digits: <c>SP_500</c>.</summary>
public sealed class NamedLists
{
    /// <summary>The name of all lists together.</summary>
    public const string All = "all";

    private const string Extension = ".yaml";

    private readonly SortedDictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>Finds the lists.</summary>
    /// <param name="folder">The user's folder; null when there is none.</param>
    /// <exception cref="SymbolListException">The folder cannot be read.</exception>
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
    /// <exception cref="SymbolListException">There is no such list, or its file cannot be used.</exception>
    public IReadOnlyList<Symbol> Read(string name)
    {
        var letters = Letters(name);
        return _paths.TryGetValue(letters, out var path) ? SymbolListFile.Read(path)
            : letters == All ? [.. _paths.Values.SelectMany(SymbolListFile.Read)]
            : throw new SymbolListException(
                $"There is no list of symbols '{name}'{Suggestion(letters)}. There are {string.Join(", ", Names)} and {All}; lists of "
                    + $"your own go into the folder "
                + "of lists (Collector:ListFolder) as NAME.yaml.");
    }

    /// <summary>A list's name as its file has it, whichever way it was spelled.</summary>
    /// <returns>The name; as it was spelled when there is no such list.</returns>
    public string Spelling(string name) => Letters(name) is var letters && letters == All ? All
        : _paths.TryGetValue(letters, out var path) ? Path.GetFileNameWithoutExtension(path)
        : name;

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
            throw new SymbolListException($"The folder of lists {folder} cannot be read: {exception.Message}");
        }
    }

    private static string Letters(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private string Suggestion(string letters) =>
        NearestName.Of(letters, _paths.Keys) is { } nearest ? $" (did you mean {Path.GetFileNameWithoutExtension(_paths[nearest])}?)" : "";
}
