namespace CloudTicks.EventHub.Topics;

/// <summary>What a client does to one setting.</summary>
internal sealed record SettingEdit(string Name, EditOperation Operation, string? Value)
{
    /// <summary>Applies the edits of one request, all or none.</summary>
    /// <param name="edits">Each names another setting.</param>
    /// <param name="settings">The settings of now.</param>
    /// <param name="incremental">False when settings that are not named go back to their defaults.</param>
    /// <returns>The settings that follow, or a sentence that says what is wrong.</returns>
    public static (TopicSettings Settings, string? Wrong) Apply(IEnumerable<SettingEdit> edits, TopicSettings settings, bool incremental)
    {
        var changed = incremental ? settings : new TopicSettings();
        foreach (var edit in edits)
        {
            if (edit.Apply(ref changed) is { } wrong)
            {
                return (settings, wrong);
            }
        }

        var fixedRow = TopicSettings.Table.FirstOrDefault(row => !row.CanChange && row.Read(settings) != row.Read(changed));
        return fixedRow is null
            ? (changed, null)
            : (settings, $"{fixedRow.Name} is {fixedRow.Read(settings)}; it cannot be changed after the topic was created");
    }

    private string? Apply(ref TopicSettings settings)
    {
        if (Operation == EditOperation.Set)
        {
            return TopicSettings.TrySet(ref settings, Name, Value);
        }

        if (TopicSettings.Find(Name) is not { } row)
        {
            return $"{Name} is no setting of this broker";
        }

        if (Operation == EditOperation.Delete)
        {
            settings = settings.Reset(row);
            return null;
        }

        if (row.Type != SettingType.List || Operation is not (EditOperation.Append or EditOperation.Subtract))
        {
            return $"{Name} takes no operation {Operation}; only a list can be appended to or subtracted from";
        }

        var words = (Value ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var list = row.Read(settings).Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return TopicSettings.TrySet(
            ref settings, Name, string.Join(',', Operation == EditOperation.Append ? list.Union(words) : list.Except(words)));
    }
}
