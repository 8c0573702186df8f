namespace CloudTicks.AppHost.Local.Lines;

internal enum LineLevel
{
    Debug,
    Info,
    Warning,
    Error,
}

internal static class LineLevels
{
    public static IReadOnlyList<string> Names { get; } = [.. Enum.GetNames<LineLevel>().Select(name => name.ToUpperInvariant())];

    public static string Name(this LineLevel level) => Names[(int)level];

    /// <exception cref="ArgumentException">There is no level with this name.</exception>
    public static LineLevel Parse(string name) =>
        TryParse(name, out var level)
            ? level
            : throw new ArgumentException($"'{name}' is not one of {string.Join(", ", Names)}.", nameof(name));

    public static bool TryParse(string name, out LineLevel level) =>
        Enum.TryParse(name, ignoreCase: true, out level) && Names.Contains(name, StringComparer.OrdinalIgnoreCase);
}
