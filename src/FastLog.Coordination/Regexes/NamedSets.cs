using System.Globalization;

namespace FastLog.Coordination.Regexes;

/// <summary>The sets of characters that RE2 knows by name, as far as they are ASCII.</summary>
internal static class NamedSets
{
    private static readonly AsciiSet Punctuation = AsciiSet.Range('!', '/') | AsciiSet.Range(':', '@')
        | AsciiSet.Range('[', '`') | AsciiSet.Range('{', '~');

    /// <summary>The classes in brackets, [:alpha:] and the like.</summary>
    private static readonly Dictionary<string, AsciiSet> Posix = new(StringComparer.Ordinal)
    {
        ["alnum"] = AsciiSet.Letters | AsciiSet.Digits,
        ["alpha"] = AsciiSet.Letters,
        ["ascii"] = AsciiSet.All,
        ["blank"] = AsciiSet.Of("\t "),
        ["cntrl"] = AsciiSet.Range(0, 31) | AsciiSet.Range(127, 127),
        ["digit"] = AsciiSet.Digits,
        ["graph"] = AsciiSet.Range('!', '~'),
        ["lower"] = AsciiSet.Lower,
        ["print"] = AsciiSet.Range(' ', '~'),
        ["punct"] = Punctuation,
        ["space"] = AsciiSet.Of("\t\n\v\f\r "),
        ["upper"] = AsciiSet.Upper,
        ["word"] = AsciiSet.WordCharacters,
        ["xdigit"] = AsciiSet.Digits | AsciiSet.Range('A', 'F') | AsciiSet.Range('a', 'f'),
    };

    /// <summary>Unicode's general categories by their short names.</summary>
    private static readonly Dictionary<string, AsciiSet> Categories = CategoriesOfAscii();

    /// <summary>Unicode's scripts. Of ASCII, letters are Latin and all others Common; no other script has any.</summary>
    private static readonly HashSet<string> Scripts = new(
        """
        Adlam Ahom Anatolian_Hieroglyphs Arabic Armenian Avestan Balinese Bamum Bassa_Vah Batak Bengali Bhaiksuki Bopomofo
        Brahmi Braille Buginese Buhid Canadian_Aboriginal Carian Caucasian_Albanian Chakma Cham Cherokee Chorasmian Common
        Coptic Cuneiform Cypriot Cypro_Minoan Cyrillic Deseret Devanagari Dives_Akuru Dogra Duployan Egyptian_Hieroglyphs
        Elbasan Elymaic Ethiopic Georgian Glagolitic Gothic Grantha Greek Gujarati Gunjala_Gondi Gurmukhi Han Hangul
        Hanifi_Rohingya Hanunoo Hatran Hebrew Hiragana Imperial_Aramaic Inherited Inscriptional_Pahlavi
        Inscriptional_Parthian Javanese Kaithi Kannada Katakana Kayah_Li Kharoshthi Khitan_Small_Script Khmer Khojki
        Khudawadi Lao Latin Lepcha Limbu Linear_A Linear_B Lisu Lycian Lydian Mahajani Makasar Malayalam Mandaic Manichaean
        Marchen Masaram_Gondi Medefaidrin Meetei_Mayek Mende_Kikakui Meroitic_Cursive Meroitic_Hieroglyphs Miao Modi
        Mongolian Mro Multani Myanmar Nabataean Nandinagari New_Tai_Lue Newa Nko Nushu Nyiakeng_Puachue_Hmong Ogham Ol_Chiki
        Old_Hungarian Old_Italic Old_North_Arabian Old_Permic Old_Persian Old_Sogdian Old_South_Arabian Old_Turkic Old_Uyghur
        Oriya Osage Osmanya Pahawh_Hmong Palmyrene Pau_Cin_Hau Phags_Pa Phoenician Psalter_Pahlavi Rejang Runic Samaritan
        Saurashtra Sharada Shavian Siddham SignWriting Sinhala Sogdian Sora_Sompeng Soyombo Sundanese Syloti_Nagri Syriac
        Tagalog Tagbanwa Tai_Le Tai_Tham Tai_Viet Takri Tamil Tangsa Tangut Telugu Thaana Thai Tibetan Tifinagh Tirhuta Toto
        Ugaritic Vai Vithkuqi Wancho Warang_Citi Yezidi Yi Zanabazar_Square
        """.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries),
        StringComparer.Ordinal);

    /// <summary>The class of \d, \s or \w.</summary>
    public static bool TryFindPerl(int letter, out AsciiSet set)
    {
        set = letter switch
        {
            'd' => AsciiSet.Digits,
            's' => AsciiSet.Of("\t\n\f\r "),
            'w' => AsciiSet.WordCharacters,
            _ => AsciiSet.None,
        };
        return !set.IsEmpty;
    }

    /// <summary>The class that [:name:] stands for.</summary>
    public static bool TryFindPosix(string name, out AsciiSet set) => Posix.TryGetValue(name, out set);

    /// <summary>The class that \p{name} stands for.</summary>
    public static bool TryFindUnicode(string name, out AsciiSet set)
    {
        if (Categories.TryGetValue(name, out set))
        {
            return true;
        }

        set = name switch
        {
            "Any" => AsciiSet.All,
            "Latin" => AsciiSet.Letters,
            "Common" => ~AsciiSet.Letters,
            _ => AsciiSet.None,
        };
        return name == "Any" || Scripts.Contains(name);
    }

    private static Dictionary<string, AsciiSet> CategoriesOfAscii()
    {
        string[] names =
        [
            "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co",
            "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So",
        ];
        var categories = new Dictionary<string, AsciiSet>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            categories[name] = AsciiSet.None;
            categories[name[..1]] = AsciiSet.None;
        }

        for (var character = '\0'; character < 128; character++)
        {
            var name = names[(int)CharUnicodeInfo.GetUnicodeCategory(character)];
            var set = AsciiSet.Range(character, character);
            categories[name] |= set;
            categories[name[..1]] |= set;
        }

        return categories;
    }
}
