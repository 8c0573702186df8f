using CloudTicks.CentralHub.Spelling;
using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Lists;

/// <summary>
/// Named symbol lists. The user's lists override the built-in ones. Names are compared by their letters and digits only, ignoring case:
/// <c>SP_500</c> is the same as <c>sp-500</c>.
/// </summary>
public sealed class NamedLists
{
    /// <summary>The name that means all lists together.</summary>
    public const string All = "all";

    private const string Extension = ".yaml";

    private readonly SortedDictionary<string, string> _paths = new(StringComparer.Ordinal);

    /// <summary>Finds the built-in lists and those in the user's folder.</summary>
    /// <param name="folder">The user's folder; null if there is none.</param>
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

    /// <summary>The folder of the built-in lists.</summary>
    public static string BuiltIn => Path.Combine(AppContext.BaseDirectory, "lists");

    /// <summary>The names, sorted.</summary>
    public IReadOnlyList<string> Names => [.. _paths.Values.Select(Path.GetFileNameWithoutExtension).OfType<string>()];

    /// <summary>Reads the symbols of a list.</summary>
    /// <exception cref="SymbolListException">The list does not exist, or its file is invalid.</exception>
    public IReadOnlyList<Symbol> Read(string name)
    {
        var key = KeyOf(name);
        return _paths.TryGetValue(key, out var path) ? SymbolListFile.Read(path)
            : key == All ? [.. _paths.Values.SelectMany(SymbolListFile.Read)]
            : throw new SymbolListException(
                $"There is no list of symbols '{name}'{Suggestion(key)}. The lists are {string.Join(", ", Names)} and {All}. Put "
                + "your own lists into the list folder (Collector:ListFolder) as NAME.yaml.");
    }

    /// <summary>Returns a list's name as its file spells it, such as <c>sp-500</c> for <c>SP_500</c>.</summary>
    /// <returns>The name; unchanged when the list does not exist.</returns>
    public string Spelling(string name) => KeyOf(name) is var key && key == All ? All
        : _paths.TryGetValue(key, out var path) ? Path.GetFileNameWithoutExtension(path)
        : name;

    private void AddFolder(string folder)
    {
        try
        {
            foreach (var path in Directory.EnumerateFiles(folder, "*" + Extension))
            {
                _paths[KeyOf(Path.GetFileNameWithoutExtension(path))] = path;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SymbolListException($"The list folder {folder} cannot be read: {exception.Message}");
        }
    }

    private static string KeyOf(string name) => string.Concat(name.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();

    private string Suggestion(string key) =>
        NearestName.Of(key, _paths.Keys) is { } nearest ? $" (did you mean {Path.GetFileNameWithoutExtension(_paths[nearest])}?)" : "";
}
