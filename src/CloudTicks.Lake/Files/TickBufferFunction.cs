using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Files;

/// <summary>
/// An SQL table function that returns a buffer's ticks in file order, so that DuckDB writes them without copying or sorting them. It serves
/// one buffer at a time.
/// </summary>
internal sealed unsafe class TickBufferFunction : IDisposable
{
    public const string Name = "buffered_ticks";

    private GCHandle _handle;
    private TickBuffer? _buffer;
    private int[] _rows = [];
    private int _next;

    /// <summary>Registers the function in a connection's database, which must be closed before this object is disposed of.</summary>
    public TickBufferFunction(DuckDbConnection connection)
    {
        _handle = GCHandle.Alloc(this);
        var function = DuckDbTableMethods.CreateFunction();
        DuckDbTableMethods.SetName(function, Name);
        DuckDbTableMethods.SetExtraInfo(function, GCHandle.ToIntPtr(_handle), null);
        DuckDbTableMethods.SetBind(function, &Bind);
        DuckDbTableMethods.SetInit(function, &Begin);
        DuckDbTableMethods.SetFunction(function, &Run);
        var state = DuckDbTableMethods.Register(connection.Handle, function);
        DuckDbTableMethods.DestroyFunction(ref function);
        if (state != DuckDbMethods.Success)
        {
            Dispose();
            throw new DuckDbException($"DuckDB refuses the function {Name}.");
        }
    }

    /// <summary>Sorts the ticks of a buffer; the next call of the function returns them.</summary>
    public void Open(TickBuffer buffer) => (_buffer, _rows, _next) = (buffer, buffer.Order(), 0);

    /// <summary>Detaches the buffer.</summary>
    public void Close() => (_buffer, _rows, _next) = (null, [], 0);

    public void Dispose() => _handle.Free();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Bind(nint info)
    {
        foreach (var (name, type) in TickSchema.Columns)
        {
            var created = TickSchema.CreateType(type);
            DuckDbTableMethods.AddColumn(info, name, created);
            DuckDbVectorMethods.DestroyType(ref created);
        }

        DuckDbTableMethods.SetCardinality(info, (ulong)Of(DuckDbTableMethods.BindExtraInfo(info))._buffer!.Count, isExact: 1);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Begin(nint info)
    {
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(nint info, nint output)
    {
        var function = Of(DuckDbTableMethods.FunctionExtraInfo(info));
        var count = Math.Min(DuckDbChunk.Capacity, function._rows.Length - function._next);
        // DuckDB owns the chunk, so it is not disposed of here.
        function._buffer!.Fill(new DuckDbChunk(output), function._rows.AsSpan(function._next, count));
        function._next += count;
    }

    private static TickBufferFunction Of(nint handle) => (TickBufferFunction)GCHandle.FromIntPtr(handle).Target!;
}
