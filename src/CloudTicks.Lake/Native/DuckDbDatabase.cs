using System.Runtime.InteropServices;

namespace CloudTicks.Lake.Native;

/// <summary>An in-memory DuckDB database with limits on memory and threads. The database is thread-safe; connections are not.</summary>
public sealed class DuckDbDatabase : IDisposable
{
    private nint _handle;

    private DuckDbDatabase(nint handle) => _handle = handle;

    /// <summary>The library's version, such as <c>v1.5.6</c>.</summary>
    public static string Version
    {
        get
        {
            DuckDbLibrary.EnsureLoaded();
            return Marshal.PtrToStringUTF8(DuckDbMethods.LibraryVersion()) ?? "";
        }
    }

    /// <summary>Opens an empty database.</summary>
    /// <param name="settings">The limits of the database.</param>
    /// <exception cref="DllNotFoundException">libduckdb is missing; the message says what to do.</exception>
    /// <exception cref="DuckDbException">A setting is refused.</exception>
    public static DuckDbDatabase Open(DuckDbSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        DuckDbLibrary.EnsureLoaded();
        if (DuckDbMethods.CreateConfig(out var config) != DuckDbMethods.Success)
        {
            throw new DuckDbException("DuckDB cannot create a configuration.");
        }

        try
        {
            foreach (var (name, value) in settings.Options())
            {
                if (DuckDbMethods.SetConfig(config, name, value) != DuckDbMethods.Success)
                {
                    throw new DuckDbException($"DuckDB refuses {name} = '{value}'.");
                }
            }

            return DuckDbMethods.Open(null, out var database, config, out var error) == DuckDbMethods.Success
                ? new DuckDbDatabase(database)
                : throw new DuckDbException(ReadAndFreeText(error));
        }
        finally
        {
            DuckDbMethods.DestroyConfig(ref config);
        }
    }

    /// <summary>Opens a connection; close it before the database.</summary>
    public DuckDbConnection Connect()
    {
        ObjectDisposedException.ThrowIf(_handle == 0, this);
        return DuckDbMethods.Connect(_handle, out var connection) == DuckDbMethods.Success
            ? new DuckDbConnection(connection)
            : throw new DuckDbException("DuckDB refuses a connection.");
    }

    /// <summary>Closes the database; its content is lost.</summary>
    public void Dispose()
    {
        if (_handle != 0)
        {
            DuckDbMethods.Close(ref _handle);
            _handle = 0;
        }
    }

    private static string? ReadAndFreeText(nint text)
    {
        var message = Marshal.PtrToStringUTF8(text);
        DuckDbMethods.Free(text);
        return message;
    }
}
