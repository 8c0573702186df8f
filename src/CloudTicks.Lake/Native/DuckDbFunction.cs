namespace CloudTicks.Lake.Native;

/// <summary>Registers our scalar functions.</summary>
internal static unsafe class DuckDbFunction
{
    /// <summary>Registers a function in a connection's database. The function is also called for null arguments.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="name">The function's name in SQL.</param>
    /// <param name="parameters">Types of the parameters; freed here.</param>
    /// <param name="result">Type of the result; freed here.</param>
    /// <param name="run">Called with its context, the chunk of parameters and the vector of results, by several threads at once.</param>
    /// <exception cref="DuckDbException">The name is already in use.</exception>
    public static void Register(
        DuckDbConnection connection, string name, nint[] parameters, nint result, delegate* unmanaged[Cdecl]<nint, nint, nint, void> run)
    {
        var function = DuckDbVectorMethods.CreateFunction();
        DuckDbVectorMethods.SetFunctionName(function, name);
        foreach (ref var type in parameters.AsSpan())
        {
            DuckDbVectorMethods.AddParameter(function, type);
            DuckDbVectorMethods.DestroyType(ref type);
        }

        DuckDbVectorMethods.SetReturnType(function, result);
        DuckDbVectorMethods.DestroyType(ref result);
        DuckDbVectorMethods.EnableNullArguments(function);
        DuckDbVectorMethods.SetFunction(function, run);
        var state = DuckDbVectorMethods.RegisterFunction(connection.Handle, function);
        DuckDbVectorMethods.DestroyFunction(ref function);
        if (state != DuckDbMethods.Success)
        {
            throw new DuckDbException($"DuckDB refuses the function {name}.");
        }
    }
}
