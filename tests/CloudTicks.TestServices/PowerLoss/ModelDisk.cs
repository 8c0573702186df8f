namespace CloudTicks.TestServices.PowerLoss;

/// <summary>
/// What is durable at a moment of a run, and what is not: the strictest reading of POSIX. A write is durable when its file was flushed
/// after
/// it, a name when its folder was; until then each may be there or not, whatever came before or after it.
/// </summary>
public sealed class ModelDisk
{
    private readonly Dictionary<int, byte[]> _contents = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<(int Number, DiskOperation Operation)> _pending = [];

    /// <summary>Begins with what is on the disk already, all of it durable.</summary>
    public ModelDisk(SortedDictionary<string, byte[]?>? files = null)
    {
        foreach (var (name, content) in files ?? [])
        {
            var file = content is null ? -1 : _contents.Count;
            _names.Add(name, file);
            if (content is not null)
            {
                _contents.Add(file, content);
            }
        }
    }

    /// <summary>What is not durable, in the order in which it was done.</summary>
    public IReadOnlyList<(int Number, DiskOperation Operation)> Pending => _pending;

    /// <summary>Takes the next operation of the run.</summary>
    public void Take(int number, DiskOperation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Flush:
                Keep(p => p.Operation.IsData && p.Operation.File == operation.File && p.Number < operation.Position);
                break;
            case OperationKind.FlushFolder:
                Keep(p => p.Operation.IsName && p.Operation.Folder == operation.Path && p.Number < operation.Position);
                break;
            default:
                _pending.Add((number, operation));
                break;
        }
    }

    /// <summary>The files and folders (content null) of a disk on which only a part of what is not durable arrived.</summary>
    /// <param name="fate">By place in <see cref="Pending"/>: what became of it.</param>
    public SortedDictionary<string, byte[]?> After(Func<int, Fate> fate)
    {
        var contents = new Dictionary<int, byte[]>(_contents);
        var names = new Dictionary<string, int>(_names, StringComparer.Ordinal);
        for (var i = 0; i < _pending.Count; i++)
        {
            Apply(_pending[i].Operation, fate(i), contents, names);
        }

        var found = new SortedDictionary<string, byte[]?>(StringComparer.Ordinal);
        foreach (var (name, file) in names)
        {
            if (HasFolders(name, names))
            {
                found.Add(name, file < 0 ? null : contents.GetValueOrDefault(file, []));
            }
        }

        return found;
    }

    private void Keep(Predicate<(int Number, DiskOperation Operation)> durable)
    {
        foreach (var (_, operation) in _pending.Where(p => durable(p)))
        {
            Apply(operation, Fate.Whole, _contents, _names);
        }

        _pending.RemoveAll(durable);
    }

    private static bool HasFolders(string name, Dictionary<string, int> names)
    {
        var folder = Path.GetDirectoryName(name)!;
        return folder.Length == 0 || (names.ContainsKey(folder) && HasFolders(folder, names));
    }

    private static void Apply(DiskOperation operation, Fate fate, Dictionary<int, byte[]> contents, Dictionary<string, int> names)
    {
        if (fate.IsLost)
        {
            return;
        }

        var content = contents.GetValueOrDefault(operation.File, []);
        switch (operation.Kind)
        {
            case OperationKind.Write:
                contents[operation.File] = fate.Write(content, (int)operation.Position, operation.Bytes!);
                break;
            case OperationKind.Truncate:
                contents[operation.File] = Fate.Resize(content, (int)operation.Position);
                break;
            case OperationKind.AddName:
                names[operation.Path] = operation.File;
                break;
            case OperationKind.RemoveName:
                names.Remove(operation.Path);
                break;
            case OperationKind.Rename:
                // In one step: the old name goes and the new one is the file, whatever became of the making of the old name.
                names.Remove(operation.Path);
                names[operation.To!] = operation.File;
                break;
        }
    }
}
