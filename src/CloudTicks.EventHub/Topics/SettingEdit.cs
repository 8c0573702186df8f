namespace CloudTicks.EventHub.Topics;

/// <summary>A client's change to one setting.</summary>
internal sealed record SettingEdit(string Name, EditOperation Operation, string? Value)
{
    /// <summary>Applies the changes of one request, all or none.</summary>
    /// <param name="edits">The changes, with distinct names.</param>
    /// <param name="settings">The current settings.</param>
    /// <param name="incremental">False to reset all other settings to their defaults.</param>
    /// <returns>The new settings, or a sentence with the problem.</returns>
    public static (TopicSettings Settings, string? Problem) Apply(IEnumerable<SettingEdit> edits, TopicSettings settings, bool incremental)
    {
        var changedSettings = incremental ? settings : new TopicSettings();
        foreach (var edit in edits)
        {
            if (edit.Apply(ref changedSettings) is { } problem)
            {
                return (settings, problem);
            }
        }

        var fixedRow = TopicSettings.Table.FirstOrDefault(row => !row.CanChange && row.Read(settings) != row.Read(changedSettings));
        return fixedRow is null
            ? (changedSettings, null)
            : (settings, $"{fixedRow.Name} is {fixedRow.Read(settings)}; it cannot be changed after the creation of the topic");
    }

    private string? Apply(ref TopicSettings settings)
    {
        if (Operation == EditOperation.Set)
        {
            return TopicSettings.TrySet(ref settings, Name, Value);
        }

        if (TopicSettings.Find(Name) is not { } row)
        {
            return $"{Name} is not a setting of this broker";
        }

        if (Operation == EditOperation.Delete)
        {
            settings = settings.Reset(row);
            return null;
        }

        if (row.Type != SettingType.List || Operation is not (EditOperation.Append or EditOperation.Subtract))
        {
            return $"{Name} does not support the operation {Operation}; only lists support Append and Subtract";
        }

        var items = (Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var oldItems = row.Read(settings).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return TopicSettings.TrySet(
            ref settings, Name, string.Join(',', Operation == EditOperation.Append ? oldItems.Union(items) : oldItems.Except(items)));
    }
}
