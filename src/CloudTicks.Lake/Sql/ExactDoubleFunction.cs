using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Sql;

/// <summary>
/// The SQL function that converts an exact price to the nearest double, as in the table. DuckDB's own cast rounds twice, and misses the
/// nearest double for one price in eight.
/// </summary>
internal static unsafe class ExactDoubleFunction
{
    public const string Name = "exact_double";

    /// <summary>The beginning of the error for a value that is not a price of the lake.</summary>
    public const string InvalidPriceError = $"{Name} requires";

    private const int BitsPerWord = 64;
    private const long Divisor = 1_000_000_000;
    private const double DivisorAsDouble = 1e9;

    /// <summary>
    /// The exponent of 2 in the divisor 2^9 * 5^9. Multiplying a multiple of 5^9 by the inverse of 5^9 modulo 2^64 divides it exactly.
    /// </summary>
    private const int DivisorTwos = 9;
    private const ulong InverseOfDivisorFives = 10252389860571520109UL;

    private const long MaxExactDouble = 1L << 53;

    /// <summary>Registers the function in a connection's database.</summary>
    public static void Register(DuckDbConnection connection) => DuckDbFunction.Register(
        connection, Name, [TickSchema.CreateType(TickSchema.Decimal)], DuckDbVectorMethods.CreateType(DuckDbType.Double), &Run);

    /// <summary>Returns the double nearest to a decimal, which is passed as its unscaled integer.</summary>
    internal static double Convert(Int128 value)
    {
        var (low, high) = ((ulong)value, (long)(value >> BitsPerWord));
        var quotient = unchecked((long)(((low >> DivisorTwos) | ((ulong)high << (BitsPerWord - DivisorTwos))) * InverseOfDivisorFives));
        if (quotient is >= -MaxExactDouble and <= MaxExactDouble && Math.BigMul(quotient, Divisor, out var product) == high
            && unchecked((ulong)product) == low)
        {
            return quotient / DivisorAsDouble; // both operands are exact, so the division rounds only once
        }

        return ExactPrice.From(value).ToDouble();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Run(nint info, nint input, nint output)
    {
        try
        {
            var chunk = new DuckDbChunk(input); // DuckDB owns the chunk, so it is not disposed of
            var count = chunk.Count;
            var prices = chunk[0];
            var values = prices.Values<Int128>();
            var results = new Span<double>(DuckDbVectorMethods.VectorData(output), count);
            ulong* validity = null;
            for (var row = 0; row < count; row++)
            {
                if (!prices.IsNull(row))
                {
                    results[row] = Convert(values[row]);
                    continue;
                }

                if (validity is null)
                {
                    DuckDbVectorMethods.EnsureValidity(output);
                    validity = DuckDbVectorMethods.VectorValidity(output);
                }

                validity[row / BitsPerWord] &= ~(1UL << (row % BitsPerWord));
            }
        }
        catch (OverflowException)
        {
            DuckDbVectorMethods.SetFunctionError(info, $"{InvalidPriceError} a price of the lake, with at most 19 digits.");
        }
    }
}
