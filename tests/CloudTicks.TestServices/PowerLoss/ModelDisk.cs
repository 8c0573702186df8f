namespace CloudTicks.TestServices.PowerLoss;

/// <summary>
/// Models which operations of a run are durable, by the strictest reading of POSIX. A flush of a file makes all earlier writes to it
/// durable; a flush of a folder does so for changes of its names. Until then each operation may or may not have reached the disk,
/// independently of the others.
/// </summary>
public sealed class ModelDisk
{
    private readonly Dictionary<int, byte[]> _contents = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<(int Number, DiskOperation Operation)> _pending = [];

    /// <summary>Starts with the disk's existing content, all of it durable.</summary>
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

    /// <summary>The operations that are not durable yet, in order.</summary>
    public IReadOnlyList<(int Number, DiskOperation Operation)> Pending => _pending;

    /// <summary>Adds the next operation of the run.</summary>
    public void Add(int number, DiskOperation operation)
    {
        switch (operation.Kind)
        {
            case OperationKind.Flush:
                MakeDurable(p => p.Operation.IsData && p.Operation.File == operation.File && p.Number < operation.Position);
                break;
            case OperationKind.FlushFolder:
                MakeDurable(p => p.Operation.IsName && p.Operation.Folder == operation.Path && p.Number < operation.Position);
                break;
            default:
                _pending.Add((number, operation));
                break;
        }
    }

    /// <summary>The files and folders of a disk that only some of the pending operations reached; a folder's content is null.</summary>
    /// <param name="fate">By index in <see cref="Pending"/>: what happened to the operation.</param>
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

    private void MakeDurable(Predicate<(int Number, DiskOperation Operation)> durable)
    {
        foreach (var (_, operation) in _pending.Where(p => durable(p)))
        {
            Apply(operation, Fate.Complete, _contents, _names);
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
                // Atomic: the old name disappears and the new one refers to the file, whether or not the creation of the old name was
                // durable.
                names.Remove(operation.Path);
                names[operation.To!] = operation.File;
                break;
        }
    }
}
