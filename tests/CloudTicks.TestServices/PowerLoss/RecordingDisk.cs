using CloudTicks.Foundations.Disks;
using Microsoft.Win32.SafeHandles;

namespace CloudTicks.TestServices.PowerLoss;

/// <summary>
/// A disk that records the operations on it. It flushes nothing itself: <see cref="ModelDisk"/> decides what a flush makes durable.
/// </summary>
public sealed class RecordingDisk(string root) : Disk
{
    private readonly Lock _gate = new();
    private readonly List<DiskOperation> _operations = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _files;

    /// <summary>
    /// A disk with existing durable content; the files are numbered 0, 1, ... in the order of their paths, as in the model.
    /// </summary>
    public RecordingDisk(string root, SortedDictionary<string, byte[]?> files)
        : this(root)
    {
        foreach (var (name, content) in files)
        {
            _names.Add(name, content is null ? -1 : _files++);
        }
    }

    /// <summary>Selects the files and folders whose flushes are ignored.</summary>
    public Predicate<string> IgnoresFlush { get; init; } = static _ => false;

    public IReadOnlyList<DiskOperation> Operations => _operations;

    /// <summary>Number of operations so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _operations.Count;
            }
        }
    }

    public override long FreeBytes(string folder) => long.MaxValue;

    public override void CreateFolder(string path, UnixFileMode? mode = null)
    {
        base.CreateFolder(path, mode);
        lock (_gate)
        {
            Add(RelativePath(path));
        }

        void Add(string folder)
        {
            if (folder.Length > 0 && !_names.ContainsKey(folder))
            {
                Add(Path.GetDirectoryName(folder)!);
                _names.Add(folder, -1);
                _operations.Add(new DiskOperation(OperationKind.AddName, folder));
            }
        }
    }

    public override void Delete(string path)
    {
        base.Delete(path);
        Forget(RelativePath(path));
    }

    public override void DeleteFolder(string path)
    {
        base.DeleteFolder(path);
        var folder = RelativePath(path);
        lock (_gate)
        {
            foreach (var name in _names.Keys.Where(n => n.StartsWith(folder + "/", StringComparison.Ordinal))
                .OrderByDescending(n => n.Length).ToList())
            {
                Forget(name);
            }

            Forget(folder);
        }
    }

    public override void FlushFolder(string path)
    {
        if ((path == root || path.StartsWith(root + "/", StringComparison.Ordinal)) && !IgnoresFlush(RelativePath(path)))
        {
            lock (_gate)
            {
                _operations.Add(new DiskOperation(OperationKind.FlushFolder, RelativePath(path), -1, _operations.Count));
            }
        }
    }

    public override void Move(string from, string to)
    {
        base.Move(from, to);
        RecordMove(from, to);
    }

    public override bool MoveIfAbsent(string from, string to)
    {
        var moved = base.MoveIfAbsent(from, to);
        if (moved)
        {
            RecordMove(from, to);
        }

        return moved;
    }

    protected override DiskFile Wrap(string path, SafeFileHandle handle)
    {
        lock (_gate)
        {
            if (!_names.TryGetValue(RelativePath(path), out var file))
            {
                file = _files++;
                _names.Add(RelativePath(path), file);
                _operations.Add(new DiskOperation(OperationKind.AddName, RelativePath(path), file));
            }

            return new RecordingFile(this, path, handle, file);
        }
    }

    private void RecordMove(string from, string to)
    {
        lock (_gate)
        {
            _names.Remove(RelativePath(from), out var file);
            _names[RelativePath(to)] = file;
            _operations.Add(new DiskOperation(OperationKind.Rename, RelativePath(from), file, To: RelativePath(to)));
        }
    }

    private void Forget(string name)
    {
        lock (_gate)
        {
            if (_names.Remove(name, out var file))
            {
                _operations.Add(new DiskOperation(OperationKind.RemoveName, name, file));
            }
        }
    }

    private string RelativePath(string path) => path.Length == root.Length ? "" : path[(root.Length + 1)..];

    private sealed class RecordingFile(RecordingDisk disk, string path, SafeFileHandle handle, int file) : DiskFile(path, handle)
    {
        public override void Write(long position, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
        {
            Record(OperationKind.Write, position, [.. pieces.SelectMany(p => p.ToArray())]);
            base.Write(position, pieces);
        }

        public override void Truncate(long length)
        {
            Record(OperationKind.Truncate, length);
            base.Truncate(length);
        }

        public override void Flush()
        {
            if (!disk.IgnoresFlush(disk.RelativePath(Path)))
            {
                Record(OperationKind.Flush, disk.Count);
            }
        }

        private void Record(OperationKind kind, long position, byte[]? bytes = null)
        {
            lock (disk._gate)
            {
                disk._operations.Add(new DiskOperation(kind, disk.RelativePath(Path), file, position, bytes));
            }
        }
    }
}
