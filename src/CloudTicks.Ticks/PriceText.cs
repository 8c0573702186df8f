namespace CloudTicks.Ticks;

/// <summary>Parses the text of a price exactly and in one pass.</summary>
internal static class PriceText
{
    /// <summary>
    /// The maximum that an exponent is clamped to, so that the int does not overflow. With an exponent this large, every value except zero
    /// is out of range.
    /// </summary>
    private const int MaxExponent = 100_000_000;

    public static bool TryParse(ReadOnlySpan<byte> text, out Price price)
    {
        price = default;
        var position = 0;
        var negative = text.Length > 0 && text[0] == '-';
        if (negative)
        {
            position++;
        }

        var digits = new DigitAccumulator();
        var start = position;
        while (position < text.Length && (uint)(text[position] - '0') <= 9)
        {
            digits.Add(text[position++] - '0');
        }

        var integerDigits = position - start;
        if (integerDigits == 0 || (integerDigits > 1 && text[start] == '0'))
        {
            return false;
        }

        var fractionDigits = 0;
        if (position < text.Length && text[position] == '.')
        {
            start = ++position;
            while (position < text.Length && (uint)(text[position] - '0') <= 9)
            {
                digits.Add(text[position++] - '0');
            }

            fractionDigits = position - start;
            if (fractionDigits == 0)
            {
                return false;
            }
        }

        var exponent = 0;
        if (position < text.Length && (text[position] | 0x20) == 'e' && !TryParseExponent(text[(position + 1)..], out exponent))
        {
            return false;
        }
        else if (position < text.Length && (text[position] | 0x20) != 'e')
        {
            return false;
        }

        return digits.TryToPrice(negative, exponent - fractionDigits, out price);
    }

    private static bool TryParseExponent(ReadOnlySpan<byte> text, out int exponent)
    {
        exponent = 0;
        var negative = text.Length > 0 && text[0] == '-';
        var position = negative || (text.Length > 0 && text[0] == '+') ? 1 : 0;
        if (position == text.Length)
        {
            return false;
        }

        for (; position < text.Length; position++)
        {
            var digit = (uint)(text[position] - '0');
            if (digit > 9)
            {
                return false;
            }

            exponent = Math.Min((exponent * 10) + (int)digit, MaxExponent);
        }

        exponent = negative ? -exponent : exponent;
        return true;
    }

    /// <summary>Accumulates decimal digits. Zeros are held back until another digit follows.</summary>
    private struct DigitAccumulator
    {
        private ulong _mantissa;
        private int _heldZeros;
        private bool _overflow;

        public void Add(int digit)
        {
            if (digit == 0)
            {
                _heldZeros++;
                return;
            }

            _overflow |= !TryShift(ref _mantissa, _heldZeros + 1) || _mantissa > ulong.MaxValue - (ulong)digit;
            _mantissa += (ulong)digit;
            _heldZeros = 0;
        }

        public readonly bool TryToPrice(bool negative, int exponent, out Price price)
        {
            price = default;
            if (_overflow)
            {
                return false;
            }

            if (_mantissa == 0)
            {
                return true;
            }

            var mantissa = _mantissa;
            exponent += _heldZeros;
            var scale = 0;
            if (exponent >= 0)
            {
                if (!TryShift(ref mantissa, exponent))
                {
                    return false;
                }
            }
            else if ((scale = -exponent) > Price.MaxScale)
            {
                return false;
            }

            if (mantissa > long.MaxValue)
            {
                return false;
            }

            price = new Price(negative ? -(long)mantissa : (long)mantissa, scale);
            return true;
        }

        private static bool TryShift(ref ulong value, int places)
        {
            if (value == 0)
            {
                return true;
            }

            if (places >= Price.PowersOfTen.Length)
            {
                return false;
            }

            var high = Math.BigMul(value, Price.PowersOfTen[places], out value);
            return high == 0;
        }
    }
}
