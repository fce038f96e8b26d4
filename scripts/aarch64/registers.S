// long hold_registers(const void *wanted, void *found): fills every register from `wanted`, waits in read(2) of stdin for one
// byte, through an svc of its own, then stores every register in `found`. x0 is the result there; x1, x2 and x8 are the call's.
//
// Both hold x0 to x30, NZCV, FPCR and FPSR, 8 bytes each, then v0 to v31: 784 bytes.
    .set NZCV, 248
    .set FPCR, 256
    .set FPSR, 264
    .set VECTORS, 272
    // On its own stack: 0 to 95 x19 to x30, 96 to 159 d8 to d15.
    .set OWN_FPCR, 160
    .set OWN_X18, 168
    .set FOUND, 176
    .set LINK, 184
    .set BYTE, 192
    .set SIZE, 208

    .text
    .globl hold_registers
    .type hold_registers, %function
hold_registers:
    hint #34
    sub sp, sp, #SIZE
    .irp n, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    str x\n, [sp, #(8 * (\n - 19))]
    .endr
    .irp n, 8, 9, 10, 11, 12, 13, 14, 15
    str d\n, [sp, #(96 + 8 * (\n - 8))]
    .endr
    mrs x9, fpcr
    str x9, [sp, #OWN_FPCR]
    str x18, [sp, #OWN_X18]
    str x1, [sp, #FOUND]

    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    ldr q\n, [x0, #(VECTORS + 16 * \n)]
    .endr
    ldr x9, [x0, #NZCV]
    msr nzcv, x9
    ldr x9, [x0, #FPCR]
    msr fpcr, x9
    ldr x9, [x0, #FPSR]
    msr fpsr, x9
    .irp n, 3, 4, 5, 6, 7, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    ldr x\n, [x0, #(8 * \n)]
    .endr
    mov x0, #0
    add x1, sp, #BYTE
    mov x2, #1
    mov x8, #63
    svc #0

    str x30, [sp, #LINK]
    ldr x30, [sp, #FOUND]
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
    str x\n, [x30, #(8 * \n)]
    .endr
    ldr x9, [sp, #LINK]
    str x9, [x30, #240]
    mrs x9, nzcv
    str x9, [x30, #NZCV]
    mrs x9, fpcr
    str x9, [x30, #FPCR]
    mrs x9, fpsr
    str x9, [x30, #FPSR]
    .irp n, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
    str q\n, [x30, #(VECTORS + 16 * \n)]
    .endr

    ldr x9, [sp, #OWN_FPCR]
    msr fpcr, x9
    ldr x18, [sp, #OWN_X18]
    .irp n, 8, 9, 10, 11, 12, 13, 14, 15
    ldr d\n, [sp, #(96 + 8 * (\n - 8))]
    .endr
    .irp n, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30
    ldr x\n, [sp, #(8 * (\n - 19))]
    .endr
    add sp, sp, #SIZE
    ret
    .section .note.GNU-stack, "", %progbits
