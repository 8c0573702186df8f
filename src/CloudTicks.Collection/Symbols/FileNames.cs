using System.Collections.ObjectModel;
using System.ComponentModel;
using CloudTicks.Foundations;

namespace CloudTicks.Collection.Symbols;

/// <summary>Configured paths: a list, or comma-separated text. A path may contain spaces.</summary>
[TypeConverter(typeof(TextListConverter<FileNames>))]
public sealed class FileNames : Collection<string>, ITextList<FileNames>
{
    /// <summary>An empty list.</summary>
    public FileNames()
    {
    }

    /// <summary>A list of paths.</summary>
    public FileNames(IEnumerable<string> paths)
        : base([.. paths])
    {
    }

    /// <inheritdoc/>
    public static FileNames Split(string text) =>
        new(text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}
